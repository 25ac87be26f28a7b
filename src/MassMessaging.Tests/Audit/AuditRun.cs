using System.Text.Json;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Audit;

[CollectionDefinition(nameof(AuditRun))]
public sealed class AuditRuns : ICollectionFixture<AuditRun>;

/// <summary>An advisor whose campaign has gone to three people and was read by all: shared by specs that only look.</summary>
public sealed class AuditRun(TestCluster cluster) : IAsyncLifetime
{
    public TestCluster Cluster => cluster;

    public TestApp App { get; private set; } = null!;

    public Advisor Advisor { get; private set; } = null!;

    public IReadOnlyList<Guid> Clients { get; private set; } = [];

    public Guid Campaign { get; private set; }

    public async ValueTask InitializeAsync()
    {
        App = await TestApp.Start(cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        Advisor = await Advisor.Of(App);
        await Advisor.Post("/api/whatsapp/connect");
        Clients = [await Advisor.HasClient("Ana"), await Advisor.HasClient("Beto"), await Advisor.HasClient("Caro")];
        Campaign = await Sent();
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>Another one, to all who are there, told to its end.</summary>
    public async Task<Guid> Sent(string name = "Marzo")
    {
        var campaign = await Advisor.HasDraft(new { all = true }, name);
        await Advisor.Post($"/api/campaigns/{campaign}/send");
        await Eventually.True(
            async () =>
            {
                await App.Settle();
                var row = await Advisor.Get($"/api/campaigns/{campaign}");
                return row["readCount"].GetInt64() > 0 && row["readCount"].GetInt64() == row["totalRecipients"].GetInt64();
            },
            TimeSpan.FromMinutes(1), "all have read it");
        return campaign;
    }

    public async Task<IReadOnlyList<JsonElement>> History(Guid campaign) =>
        [.. (await Advisor.Get($"/api/audit/campaigns/{campaign}?limit=5000")).Body.EnumerateArray()];

    public async Task<IReadOnlyList<string>> Proof(Guid campaign) => Lines(await Advisor.Http.GetStringAsync($"/api/audit/campaigns/{campaign}/proof"));

    public async Task<Answer> Verify(IEnumerable<string> lines, Advisor? by = null)
    {
        using var body = new StringContent(string.Join('\n', lines) + "\n", null, "application/x-ndjson");
        var response = await (by ?? Advisor).Http.PostAsync(new Uri("/api/audit/verify", UriKind.Relative), body);
        return new(response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()), response);
    }

    public static IReadOnlyList<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
