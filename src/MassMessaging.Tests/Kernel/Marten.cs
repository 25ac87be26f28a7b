using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Kernel;

/// <summary>Writes the way Marten does: the stream row first, then events whose numbers come from the sequence.</summary>
internal static class Marten
{
    private const string StartStream = "insert into mt_streams (tenant_id, id, type, version) values (@tenant, @id, @type, 1)";

    private const string AdvanceStream = "update mt_streams set version = @version where tenant_id = @tenant and id = @id and version = @version - 1";

    private const string InsertEvent = """
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
        values (nextval('mt_events_sequence'), @event, @id, @version, @data::jsonb, @type, @at, @tenant, 'Other.Event, Other')
        """;

    public static async Task Start(TestDatabase database, StreamKey stream, string streamType, string type, string data)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Start(connection, stream, streamType, type, data);
        await transaction.CommitAsync();
    }

    public static async Task Start(NpgsqlConnection connection, StreamKey stream, string streamType, string type, string data)
    {
        await Run(connection, StartStream, stream, 1, streamType, "{}");
        await Run(connection, InsertEvent, stream, 1, type, data);
    }

    public static async Task Append(TestDatabase database, StreamKey stream, long version, string type, string data)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, AdvanceStream, stream, version, type, data);
        await Run(connection, InsertEvent, stream, version, type, data);
        await transaction.CommitAsync();
    }

    private static async Task Run(NpgsqlConnection connection, string sql, StreamKey stream, long version, string type, string data)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("tenant", stream.Profile.ToString());
        command.Parameters.AddWithValue("id", stream.Id);
        command.Parameters.AddWithValue("event", Guid.NewGuid());
        command.Parameters.AddWithValue("version", version);
        command.Parameters.AddWithValue("type", type);
        command.Parameters.AddWithValue("data", data);
        command.Parameters.AddWithValue("at", TimeProvider.System.GetUtcNow());
        await command.ExecuteNonQueryAsync();
    }
}
