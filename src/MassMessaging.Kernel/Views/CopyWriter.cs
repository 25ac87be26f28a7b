using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>New rows: COPY takes them at a third of what an upsert costs.</summary>
internal static class CopyWriter
{
    private const int Portion = 1 << 16;

    public static Task Write<TRow>(
        NpgsqlConnection connection, string table, RowColumns columns, IEnumerable<TRow> rows, Action<TRow, CopyBuffer> fields, CancellationToken ct) =>
        Write(connection, $"{table} ({columns.List})", columns.Columns.Count, rows, fields, ct);

    /// <param name="target">Table and columns, as COPY names them.</param>
    public static async Task Write<TRow>(
        NpgsqlConnection connection, string target, int columns, IEnumerable<TRow> rows, Action<TRow, CopyBuffer> fields, CancellationToken ct)
    {
        var stream = await connection.BeginRawBinaryCopyAsync($"copy {target} from stdin (format binary)", ct);
        try
        {
            var buffer = new CopyBuffer();
            foreach (var row in rows)
            {
                buffer.Row(columns);
                fields(row, buffer);
                if (buffer.Length < Portion) continue;

                await stream.WriteAsync(buffer.Written, ct);
                buffer.Clear();
            }

            buffer.Row(-1);
            await stream.WriteAsync(buffer.Written, ct);
        }
        catch
        {
            await stream.CancelAsync(); // its disposal would end the data as if all had come
            throw;
        }

        await stream.DisposeAsync();
    }
}
