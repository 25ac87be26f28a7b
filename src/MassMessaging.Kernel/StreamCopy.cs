using System.Buffers;
using System.Text.Json;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>Starts many streams at once, with their first events. Streams first, in key order; numbers are drawn behind them.</summary>
internal static class StreamCopy
{
    private const string Streams = "mt_streams (tenant_id, id, type, version, timestamp, created)";
    private const int StreamColumns = 6;

    private const string Events = """
        mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name,
            is_archived)
        """;
    private const int EventColumns = 14;

    private const string Draw = "select array_agg(nextval('mt_events_sequence')) from generate_series(1, @count)";

    public static Task Write(
        OwnerCopy copy, IReadOnlyList<PendingStream> streams, IReadOnlyList<PendingEvent> events, IReadOnlyList<string?>? traces, Origin origin,
        DateTimeOffset now, CancellationToken ct) => copy.Run(
        async () =>
        {
            await CopyWriter.Write(copy.Connection, Streams, StreamColumns, streams, (stream, row) => Put(stream, now, row), ct);
            var numbers = await Drawn(copy.Connection, events.Count, ct);
            var json = new ArrayBufferWriter<byte>(512);
            await using var writer = new Utf8JsonWriter(json);
            var place = 0;
            await CopyWriter.Write(
                copy.Connection, Events, EventColumns, events,
                (@event, row) =>
                {
                    json.ResetWrittenCount();
                    writer.Reset();
                    JsonSerializer.Serialize(writer, @event.Data, @event.Type.ClrType, EventJson.Options);
                    Put(@event, numbers[place], json.WrittenSpan, traces?[place], origin, now, row);
                    place++;
                },
                ct);
        },
        ct);

    private static void Put(PendingStream stream, DateTimeOffset now, CopyBuffer row)
    {
        row.Text(stream.Key.Profile);
        row.Field(stream.Key.Id);
        row.Field(stream.Type);
        row.Field(stream.NewVersion);
        row.Field(now);
        row.Field(now);
    }

    private static void Put(
        PendingEvent @event, long number, ReadOnlySpan<byte> json, string? trace, Origin origin, DateTimeOffset now, CopyBuffer row)
    {
        row.Field(number);
        row.Field(Guid.CreateVersion7(now));
        row.Field(@event.Stream.Id);
        row.Field(@event.Version);
        row.Json(json);
        row.Field(@event.Type.StoredName);
        row.Field(now);
        row.Text(@event.Stream.Profile);
        row.Field(EventJson.DotnetType(@event.Type.ClrType));
        row.Field(origin.CorrelationId);
        row.Field(origin.CausationId);
        if (trace is null) row.Field<string?>(null);
        else row.Json(JsonSerializer.SerializeToUtf8Bytes(new { traceparent = trace }));
        row.Field(origin.Actor);
        row.Field(false);
    }

    private static async Task<long[]> Drawn(NpgsqlConnection connection, int count, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Draw, connection) { Parameters = { new NpgsqlParameter("count", count) } };
        return (long[])(await command.ExecuteScalarAsync(ct))!;
    }
}
