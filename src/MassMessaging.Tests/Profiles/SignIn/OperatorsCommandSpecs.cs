using System.Net;
using System.Net.Http.Json;
using MassMessaging.Profiles.SignIn;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Profiles.SignIn;

/// <summary>Anybody can register any address: only a confirmed one is an operator's, and where no mail is sent the server's machine confirms it.</summary>
public sealed class OperatorsCommandSpecs(TestCluster cluster)
{
    private const string Named = "ops@example.com";
    private const string Queues = "/api/operations/queues";

    [Fact]
    public async Task Who_registers_a_named_address_from_elsewhere_is_no_operator_until_the_server_confirms_it()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Settings = new Dictionary<string, string> { ["OPERATORS"] = Named } });
        using var proxied = app.Anonymous();
        proxied.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        (await proxied.PostAsJsonAsync("/api/auth/register", new { email = Named, password = TestApp.Password })).EnsureSuccessStatusCode();
        using var whoever = await app.SignIn(Named);
        using var unnamed = await app.Client("other@example.com");

        Assert.Equal((403, "operator-required"), await whoever.GetAsync(Queues).Problem());
        Assert.Equal(1, await OperatorsCommand.Run(["confirm", "nobody@example.com"], app.Services, CancellationToken.None));
        Assert.Equal(2, await OperatorsCommand.Run([Named], app.Services, CancellationToken.None));
        Assert.Equal((403, "operator-required"), await whoever.GetAsync(Queues).Problem());

        Assert.Equal(0, await OperatorsCommand.Run(["confirm", "Ops@Example.com"], app.Services, CancellationToken.None));

        Assert.Equal(HttpStatusCode.OK, (await whoever.GetAsync(Queues)).StatusCode);
        Assert.Equal((403, "operator-required"), await unnamed.GetAsync(Queues).Problem());
    }

    [Fact]
    public async Task Who_registers_a_named_address_on_the_machine_itself_is_an_operator()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Settings = new Dictionary<string, string> { ["OPERATORS"] = Named } });
        using var here = await app.Client(Named);

        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync(Queues)).StatusCode);
    }
}
