using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Crash;

/// <summary>A run's rate is short in its window, so that a spec sees many windows.</summary>
public sealed record RunOptions(int Recipients)
{
    public int Messages { get; init; } = 200;

    public int PerSeconds { get; init; } = 2;

    /// <summary>How long the gateway lets a call wait, so that kills land inside calls. Milliseconds.</summary>
    public (int From, int To) AnswerDelay { get; init; } = (30, 120);

    public int CallTimeoutSeconds { get; init; } = 3;

    public ReceiptOptions Receipts { get; init; } = new();

    /// <summary>Further settings of every node, by their environment names.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public TimeSpan Window => TimeSpan.FromSeconds(PerSeconds);

    /// <summary>100 ms of the rate ahead, and the calls in flight: what one kill may leave in doubt.</summary>
    public int MarkedAtOnce => (int)Math.Ceiling(Messages / (double)PerSeconds / 10) + 64;
}

/// <summary>
/// One campaign of a fresh advisor, sent by real processes of the service through a simulated gateway that outlives them. The ledger of
/// the gateway, the rows of the service and its log are compared person by person at the end.
/// </summary>
public sealed class SendingRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly RunOptions options;
    private readonly List<ServiceProcess> nodes = [];
    private readonly string connectionString;
    private readonly int firstPort = ServiceProcess.FreePort();
    private string token = "";

    private SendingRun(RunOptions options, string connectionString, SimulatorHost simulator) =>
        (this.options, this.connectionString, Simulator) = (options, connectionString, simulator);

    public SimulatorHost Simulator { get; }

    public Guid Campaign { get; private set; }

    public IReadOnlyList<ServiceProcess> Nodes => nodes;

    public RunOptions Options => options;

    public string ConnectionString => connectionString;

    /// <summary>One node is up, its advisor is connected and has the clients; the campaign is a draft to all of them.</summary>
    public static async Task<SendingRun> Prepare(string connectionString, RunOptions options)
    {
        var simulator = await SimulatorHost.Start(
            new SimulatorOptions { OpenDelay = TimeSpan.Zero, QrDelay = TimeSpan.Zero, MagicNumbers = false, Receipts = options.Receipts, Retries = new RetryOptions { Scale = 0.1 } },
            CancellationToken.None);
        simulator.Faults.Set(new Fault(FaultKind.AnswerDelay, Milliseconds: options.AnswerDelay.From, UpToMilliseconds: options.AnswerDelay.To));
        var run = new SendingRun(options, connectionString, simulator);
        await run.StartNode();
        await run.SignIn();
        using var api = run.Api();
        (await api.PostAsync("/api/whatsapp/connect", null)).EnsureSuccessStatusCode();
        await run.AddClients();
        var created = await api.PostAsJsonAsync(
            "/api/campaigns", new { name = "Prueba", objective = "prueba", messageContent = "Hola {nombre_cliente}", audience = new { all = true } });
        run.Campaign = (await Body(created)).GetProperty("id").GetGuid();
        return run;
    }

    /// <summary>The first node is where the gateway's webhooks go; it comes back on its own port.</summary>
    /// <param name="settings">Of this node alone.</param>
    public async Task<ServiceProcess> StartNode(params (string Name, string Value)[] settings)
    {
        var isFirst = nodes.Count == 0 || nodes[0].HasExited;
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = connectionString,
            ["EVOLUTION_API_URL"] = Simulator.Url,
            ["EVOLUTION_API_KEY"] = Simulator.ApiKey,
            ["EVOLUTION_CALL_TIMEOUT_SECONDS"] = options.CallTimeoutSeconds.ToString(CultureInfo.InvariantCulture),
            ["PUBLIC_URL"] = $"http://127.0.0.1:{firstPort}",
            ["Pacing__Messages"] = options.Messages.ToString(CultureInfo.InvariantCulture),
            ["Pacing__PerSeconds"] = options.PerSeconds.ToString(CultureInfo.InvariantCulture),
            ["RATE_LIMIT_PER_MINUTE"] = "1000000",
            ["IN_DOUBT_ASK_HOURS"] = "0", // what a fault leaves in doubt is counted: ReconcileSpecs show what becomes of it
        };
        foreach (var (name, value) in options.Settings.Select(setting => (setting.Key, setting.Value)).Concat(settings)) environment[name] = value;
        var node = await ServiceProcess.Start(environment, isFirst ? firstPort : null);
        if (isFirst && nodes.Count > 0) nodes[0] = node;
        else nodes.Add(node);
        return node;
    }

    /// <summary>The node that works the lane.</summary>
    public async Task<ServiceProcess> Owner()
    {
        ServiceProcess? owner = null;
        await Eventually.True(
            async () =>
            {
                var named = await Text("select n.name from lane l join node n on n.id = l.owner");
                owner = nodes.FirstOrDefault(node => !node.HasExited && named?.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{node.Id}"), StringComparison.Ordinal) == true);
                return owner is not null;
            },
            Patience, "a node works the lane");
        return owner!;
    }

    public HttpClient Api(ServiceProcess? node = null)
    {
        var client = new HttpClient { BaseAddress = (node ?? nodes[0]).Url, Timeout = TimeSpan.FromSeconds(60) };
        if (token.Length > 0) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<JsonElement> Post(string act)
    {
        using var api = Api();
        return await Body(await api.PostAsync($"/api/campaigns/{Campaign}/{act}", null));
    }

    public async Task<JsonElement> Row(ServiceProcess? node = null)
    {
        using var api = Api(node);
        return await Body(await api.GetAsync($"/api/campaigns/{Campaign}"));
    }

    /// <summary>Until the gateway has taken so many messages.</summary>
    public Task Taken(int messages) =>
        Eventually.True(() => Task.FromResult(Simulator.Ledger.Entries.Count >= messages), Patience, $"the gateway took {messages} messages\n{nodes[0].Output}");

    public Task Status(string status) => Eventually.True(
        async () => (await Row(nodes.First(node => !node.HasExited))).GetProperty("status").GetString() == status, Patience, $"the campaign is {status}");

    /// <summary>Members marked and without an outcome, as the database has them.</summary>
    public async Task<int> Marked() => (int)await Scalar("select count(*) from campaign_audience where status = 'sending'");

    public async Task<long> Scalar(string sql) => Convert.ToInt64(await Value(sql), CultureInfo.InvariantCulture);

    public async Task<string?> Text(string sql) => await Value(sql) as string;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        await Simulator.DisposeAsync();
    }

    private async Task<object?> Value(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task SignIn()
    {
        using var api = Api();
        var account = new { email = $"{Guid.NewGuid():n}@example.com", password = "Correct-horse-7" };
        (await api.PostAsJsonAsync("/api/auth/register", account)).EnsureSuccessStatusCode();
        token = (await Body(await api.PostAsJsonAsync("/api/auth/login", account))).GetProperty("accessToken").GetString()!;
    }

    /// <summary>Numbers count up, so that each is one person in the ledger.</summary>
    private async Task AddClients()
    {
        var csv = new StringBuilder("nombre,telefono\n");
        for (var number = 0; number < options.Recipients; number++) csv.Append(CultureInfo.InvariantCulture, $"Persona {number},+5255{10_000_000 + number}\n");
        using var api = Api();
        using var body = new StringContent(csv.ToString(), Encoding.UTF8, "text/csv");
        var imported = await Body(await api.PostAsync("/api/clients/import", body));
        Assert.Equal(options.Recipients, imported.GetProperty("created").GetInt32());
    }

    private static async Task<JsonElement> Body(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
