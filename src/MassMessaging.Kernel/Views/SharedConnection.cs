using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>A connection that views folded side by side use in turns: seldom, and each for itself.</summary>
internal sealed class SharedConnection(NpgsqlConnection connection) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public async Task Use(Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await work(connection);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
