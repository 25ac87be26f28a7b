using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>A Meta that does not answer, over real HTTP: how long is waited, and what is known then.</summary>
public sealed class CloudHangSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Person = "+5491133334444";
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    private static readonly OutgoingMessage Saludo = new OutgoingMessage.Template("saludo", "es_AR", ["Ana", "Julia"]);

    [Theory]
    [InlineData(FaultKind.Hang, 0)]
    [InlineData(FaultKind.HangAfter, 1)]
    public async Task A_Meta_that_hangs_is_unknown_whether_it_sent_or_not(FaultKind fault, int sent)
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        app.Simulator.Faults.Set(new Fault(fault, advisor.Number.Id));
        var clock = new FakeTimeProvider();
        using var client = Client(app.Simulator.Url, clock);

        var sending = Send(client, advisor);
        await Taken(advisor, sent);
        clock.Advance(CallTimeout - TimeSpan.FromMilliseconds(1));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new SendOutcome.Unknown("call-timeout"), await sending);
        Assert.Single(app.Simulator.Ledger.ReceivedBy(advisor.Number.Id));
    }

    [Fact]
    public async Task A_call_that_is_given_up_by_its_caller_is_unknown_too()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        app.Simulator.Faults.Set(new Fault(FaultKind.HangAfter, advisor.Number.Id));
        using var client = Client(app.Simulator.Url, new FakeTimeProvider());
        using var givesUp = new CancellationTokenSource();

        var sending = Send(client, advisor, givesUp.Token);
        await Taken(advisor, 1);
        await givesUp.CancelAsync();

        Assert.Equal(new SendOutcome.Unknown("cancelled"), await sending);
    }

    [Fact]
    public async Task A_Meta_that_is_not_there_was_written_nothing()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        using var client = Client("http://127.0.0.1:1/", TimeProvider.System); // nobody listens there
        Assert.Equal(new SendOutcome.NotWritten("gateway-unreachable"), await Send(client, advisor));
    }

    private async Task Taken(CloudAdvisor advisor, int sent) => await Eventually.True(
        () => Task.FromResult(
            app.Simulator.Ledger.ReceivedBy(advisor.Number.Id).Count == 1 && app.Simulator.Ledger.Of(advisor.Number.Id).Count == sent),
        TimeSpan.FromMinutes(1), "Meta has the message");

    private static CloudClient Client(string url, TimeProvider clock) =>
        new(new CloudOptions(new Uri($"{url.TrimEnd('/')}/v23.0/"), CallTimeout, TimeSpan.FromSeconds(30)), clock);

    private Task<SendOutcome> Send(CloudClient client, CloudAdvisor advisor, CancellationToken ct = default) =>
        new CloudWhatsApp(client, app.Services.GetRequiredService<CloudAccounts>()).Send(advisor.Instance, Person, Saludo, () => true, ct);
}
