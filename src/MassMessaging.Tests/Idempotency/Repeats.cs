using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Idempotency;

/// <summary>An answer to a POST with a key.</summary>
internal sealed record Repeated(int Status, string? Code, string Text, Uri? Location, bool IsReplayed, TimeSpan? RetryAfter)
{
    public (int Status, bool IsReplayed) Done => (Status, IsReplayed);

    public (int Status, string? Code) Refusal => (Status, Code);
}

/// <summary>An advisor who posts with keys.</summary>
internal sealed class Repeats(HttpClient http)
{
    public const string Clients = "/api/clients";

    public HttpClient Http => http;

    public static async Task<Repeats> Of(TestApp app) => new(await app.Client());

    public Task<Repeated> Post(string key, object body, string address = Clients, CancellationToken ct = default) =>
        Post([key], body, address, ct);

    public async Task<Repeated> Post(string[] keys, object body, string address = Clients, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
        foreach (var key in keys) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        var code = (int)answer.StatusCode >= 400 ? JsonElement.Parse(text).GetProperty("code").GetString() : null;
        return new(
            (int)answer.StatusCode, code, text, answer.Headers.Location, answer.Headers.Contains("Idempotency-Replayed"), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>A new client's id.</summary>
    public async Task<Guid> Client(int number) =>
        JsonElement.Parse((await Post(NewKey(), Person(number))).Text).GetProperty("id").GetGuid();

    public async Task<int> Count(string address) => (await http.Get(address)).GetArrayLength();

    public static object Person(int number = 0) => new { name = "María López", phone = $"+54911{55_000_000 + number:D8}" };

    public static string NewKey() => Guid.NewGuid().ToString();
}

/// <summary>Holds a lock of the database until it is disposed: whoever needs it stands still.</summary>
internal sealed class Held : IAsyncDisposable
{
    private const string Waiters = """
        select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()
        """;

    private readonly NpgsqlConnection connection;

    private Held(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<Held> By(TestDatabase database, string sql)
    {
        var held = new Held(await database.DataSource.OpenConnectionAsync());
        await using var command = new NpgsqlCommand($"begin; {sql}", held.connection);
        await command.ExecuteNonQueryAsync();
        return held;
    }

    /// <summary>Until so many wait for it.</summary>
    public static Task Waiting(TestDatabase database, int sessions = 1) => Eventually.True(
        async () => await database.Value<long>(Waiters) >= sessions,
        TimeSpan.FromSeconds(20), "somebody waits for the lock");

    public async Task Commit(string sql)
    {
        await using var command = new NpgsqlCommand($"{sql}; commit", connection);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync(); // what it did not commit is rolled back
}
