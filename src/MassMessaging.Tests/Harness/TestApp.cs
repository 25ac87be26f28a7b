using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Why the service did not start, which it tells people in one sentence, stands beside the failed spec.
[assembly: CaptureConsole(CaptureOut = false)]

namespace MassMessaging.Tests.Harness;

public sealed record TestAppOptions
{
    /// <summary>The service's clock, such as a FakeTimeProvider; null is the database's.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>
    /// Whether work runs by itself, as in production. Without, <see cref="TestApp.Drain"/> does it, in the spec's own order.
    /// </summary>
    public bool Daemons { get; init; }

    /// <summary>Then this is another node beside it, with the same database and gateway; dispose it first.</summary>
    public TestApp? Beside { get; init; }

    /// <summary>Receipts come at once.</summary>
    public SimulatorOptions Simulator { get; init; } = new()
    {
        OpenDelay = TimeSpan.Zero,
        QrDelay = TimeSpan.Zero,
        Receipts = new ReceiptOptions
        {
            ServerAck = 1, Delivered = 1, Read = 1,
            ServerAckAfter = DelayRange.None, DeliveredAfter = DelayRange.None, ReadAfter = DelayRange.None,
        },
        Retries = new RetryOptions { Scale = 0.01 },
    };

    /// <summary>
    /// Settings of a rate that holds nothing up in a spec. Over a minute: a permit lives for a second then, not for the 25 ms of a rate
    /// that is told per second, which a busy machine misses.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Unpaced = new Dictionary<string, string>
    {
        ["Pacing:Messages"] = "100000", ["Pacing:PerSeconds"] = "60",
    };

    /// <summary>Of a password's hash; null is the service's own, which takes a tenth of a second each time.</summary>
    public int? PasswordRounds { get; init; } = 1;

    /// <summary>Gets every line that the service logs with its usual levels.</summary>
    public ILoggerProvider? Logs { get; init; }

    /// <summary>Further configuration, with colons, such as <c>Pacing:Messages</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// The real service in this process, on a port of 127.0.0.1, with a database and a simulated gateway of its own. Take it as
/// <c>IClassFixture&lt;TestApp&gt;</c> with the default options, or use <see cref="Start"/> for others.
/// </summary>
public sealed class TestApp : IAsyncLifetime
{
    /// <summary>Of every advisor that <see cref="Client"/> answers.</summary>
    public const string Password = "Correct-horse-7";

    private static readonly ConcurrentDictionary<string, bool> Started = [];

    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    private readonly TestCluster cluster;
    private readonly TestAppOptions options;
    private WebApplicationFactory<Feature> factory = null!;

    public TestApp(TestCluster cluster) : this(cluster, new TestAppOptions())
    {
    }

    private TestApp(TestCluster cluster, TestAppOptions options) => (this.cluster, this.options) = (cluster, options);

    /// <summary>The spec classes that had an app of their own so far.</summary>
    public static IEnumerable<string> StartedFor => Started.Keys;

    public TestDatabase Database { get; private set; } = null!;

    public SimulatorHost Simulator { get; private set; } = null!;

    public IServiceProvider Services => factory.Services;

    public static async Task<TestApp> Start(TestCluster cluster, TestAppOptions options)
    {
        var app = new TestApp(cluster, options);
        await app.InitializeAsync();
        return app;
    }

    public async ValueTask InitializeAsync()
    {
        if (TestContext.Current.TestClass?.TestClassName is { } specs) Started.TryAdd(specs, true);
        Database = options.Beside?.Database ?? await TestDatabase.Create(cluster);
        Simulator = options.Beside?.Simulator ?? await SimulatorHost.Start(options.Simulator, CancellationToken.None);
        factory = new WebApplicationFactory<Feature>().WithWebHostBuilder(Configure);
        factory.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        factory.StartServer();
        using var client = factory.CreateClient();
        Address = client.BaseAddress!;
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Nobody. Whatever is answered is held to the OpenAPI document.</summary>
    public HttpClient Anonymous() => new(new ContractHandler()) { BaseAddress = Address };

    /// <summary>An advisor who has just registered and signed in.</summary>
    /// <param name="email">Null: any.</param>
    public async Task<HttpClient> Client(string? email = null)
    {
        using var client = Anonymous();
        var account = new { email = email ?? $"{Guid.NewGuid():n}@example.com", password = Password };
        (await client.PostAsJsonAsync("/api/auth/register", account)).EnsureSuccessStatusCode();
        return await SignIn(account.email);
    }

    /// <summary>An advisor who has registered before.</summary>
    public async Task<HttpClient> SignIn(string email)
    {
        var client = Anonymous();
        var signedIn = (await client.PostAsJsonAsync("/api/auth/login", new { email, password = Password })).EnsureSuccessStatusCode();
        var token = await signedIn.Content.ReadFromJsonAsync<JsonElement>(Json);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("accessToken").GetString());
        return client;
    }

    /// <summary>Runs everything that is due now to its end.</summary>
    public async Task Drain()
    {
        int granted;
        do
        {
            await Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);
            granted = (await Services.GetRequiredService<TickLanes>().RunOnce(CancellationToken.None)).Count;
            await Services.GetRequiredService<GatewayCalls>().Quiet();
        }
        while (granted > 0);
    }

    /// <summary>The same, then lets every receipt that the gateway owes arrive and be handled.</summary>
    public async Task Settle()
    {
        await Drain();
        await Simulator.Settled(CancellationToken.None);
        await Drain();
    }

    public async ValueTask DisposeAsync()
    {
        await factory.DisposeAsync();
        if (options.Beside is not null) return;

        await Simulator.DisposeAsync();
        await Database.DisposeAsync();
    }

    private void Configure(IWebHostBuilder host)
    {
        host.UseEnvironment(Environments.Production);
        host.UseSetting("ConnectionStrings:Postgres", Database.ConnectionString);
        host.UseSetting("EVOLUTION_API_URL", Simulator.Url);
        host.UseSetting("EVOLUTION_API_KEY", Simulator.ApiKey);
        host.UseSetting("WHATSAPP_CLOUD_URL", Simulator.Url);
        host.UseSetting("OPENAI_API_KEY", Simulator.OpenAi.Key);
        host.UseSetting("OPENAI_BASE_URL", Simulator.OpenAiUrl);
        host.UseSetting("OPENAI_TIMEOUT_SECONDS", "80");
        host.UseSetting("ASSISTANT_LIMIT_PER_MINUTE", "1000000");
        host.UseSetting("RATE_LIMIT_PER_MINUTE", "1000000");
        host.UseSetting("SIGN_IN_LIMIT_PER_MINUTE", "1000000");
        host.UseSetting("SURVEY_LIMIT_PER_MINUTE", "1000000");
        host.UseSetting("ROLE", options.Daemons ? "all" : "api");
        foreach (var (name, value) in options.Settings) host.UseSetting(name, value);
        if (options.Logs is { } logs) host.ConfigureLogging(logging => logging.AddProvider(logs));
        if (options.PasswordRounds is { } rounds) host.ConfigureTestServices(services => services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = rounds));
        if (options.Clock is { } clock) host.ConfigureTestServices(services => services.AddSingleton(clock));
    }
}
