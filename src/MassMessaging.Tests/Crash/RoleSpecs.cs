using System.Globalization;
using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Crash;

[Collection(nameof(RealProcesses))]
public sealed class RoleSpecs(TestCluster cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task One_node_answers_and_another_one_works_through_a_whole_campaign()
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(
            database.ConnectionString, new RunOptions(40) { Settings = new Dictionary<string, string> { ["ROLE"] = "api" } });
        await run.Post("send");
        using var api = run.Api();
        var alone = await api.Get("/health/ready");
        Assert.Equal("degraded", alone.GetProperty("status").GetString());
        Assert.Equal("No worker has been seen for 4 s: nothing is sent.", alone.GetProperty("reasons")[0].GetString());
        Assert.Equal(0, await run.Scalar("select count(*) from node"));
        Assert.Equal(0, await run.Scalar("select max(attempt) from message"));

        var worker = await run.StartNode(("ROLE", "worker"));

        await run.Status("sent");
        Assert.Equal(0, await RunProof.Agrees(run));
        var working = await run.Text("select string_agg(name, ' ') from node");
        Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{worker.Id}"), working, StringComparison.Ordinal);
        await Eventually.True(async () => (await api.Get("/health/ready")).GetProperty("status").GetString() == "healthy", Patience, "it sees the worker");
        using var atWorker = run.Api(worker);
        Assert.Equal(HttpStatusCode.OK, await Status(atWorker, HttpMethod.Get, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, await Status(atWorker, HttpMethod.Get, "/health/ready"));
        foreach (var path in (string[])["/api/campaigns", "/api/auth/login", "/api/whatsapp/lane", "/api/operations/nodes", "/openapi/v1.json", "/docs"])
            Assert.Equal(HttpStatusCode.NotFound, await Status(atWorker, HttpMethod.Get, path));
        Assert.Equal(HttpStatusCode.NotFound, await Status(atWorker, HttpMethod.Post, "/api/webhooks/evolution/any"));
    }

    private static async Task<HttpStatusCode> Status(HttpClient http, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
