using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>The first message ever sent to a client says who writes, seen from the gateway's ledger.</summary>
public sealed class IdentificationSpecs(TestApp app) : IClassFixture<TestApp>, IDisposable
{
    private const string Line = "\nSoy Carla";
    private string instance = "";

    public void Dispose() => app.Simulator.Faults.Clear();

    [Fact]
    public async Task The_first_message_says_who_writes_and_no_later_one_does()
    {
        var advisor = await Writer("Ana");

        await Sent(advisor);
        await advisor.HasClient("Beto");
        await Sent(advisor);

        Assert.Equal(["Hola Ana", $"Hola Ana{Line}", $"Hola Beto{Line}"], Texts());
    }

    [Fact]
    public async Task What_surely_was_not_sent_leaves_the_first_message_to_the_next_attempt()
    {
        var advisor = await Writer("Ana");
        app.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));
        var campaign = await Launch(advisor);
        await app.Drain();
        Assert.Equal(0, await Claims());

        app.Simulator.Faults.Clear();
        await app.Database.Execute("update lane set held_until = null");
        await app.Settle();

        Assert.Equal("sent", (await advisor.Get(campaign))["status"].GetString());
        Assert.Equal([$"Hola Ana{Line}"], Texts());
    }

    [Fact]
    public async Task What_was_refused_leaves_the_first_message_to_the_next_campaign()
    {
        var advisor = await Writer("Ana");
        app.Simulator.Faults.Set(new Fault(FaultKind.NotOnWhatsapp, Times: 1));

        await Sent(advisor);
        await Sent(advisor);

        Assert.Equal([$"Hola Ana{Line}"], Texts());
    }

    [Fact]
    public async Task What_is_in_doubt_may_have_been_read()
    {
        var advisor = await Writer("Ana");
        app.Simulator.Faults.Set(new Fault(FaultKind.CloseAfter, Times: 1));

        await Sent(advisor);
        await app.Database.Execute("update lane set held_until = null");
        await Sent(advisor);

        Assert.Equal(["Hola Ana", $"Hola Ana{Line}"], Texts());
    }

    [Fact]
    public async Task Who_was_written_to_without_it_is_not_written_to_for_the_first_time_later()
    {
        var advisor = await Writer("Ana");
        await advisor.Put("/api/profile", new { identification = new { enabled = false } });
        await Sent(advisor);
        await advisor.Put("/api/profile", new { identification = new { enabled = true } });

        await Sent(advisor);

        Assert.Equal(["Hola Ana", "Hola Ana"], Texts());
    }

    [Fact]
    public async Task It_is_frozen_at_launch()
    {
        var advisor = await Writer("Ana");
        await Launch(advisor);
        await advisor.Put("/api/profile", new { displayName = "Otra", identification = new { text = "Otra" } });

        await app.Settle();

        Assert.Equal([$"Hola Ana{Line}"], Texts());
    }

    [Fact]
    public async Task It_is_forgotten_with_the_client()
    {
        var advisor = await Writer("Ana");
        await Sent(advisor);
        var client = (await advisor.Get("/api/clients")).Body[0].GetProperty("id").GetGuid();

        (await advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);

        Assert.Equal(0, await Claims());
    }

    [Fact]
    public async Task Who_was_written_to_before_there_was_such_a_line_has_read_the_first_message()
    {
        var advisor = await Writer("Ana", "Beto");
        var ana = (await advisor.Get("/api/clients?q=Ana")).Body[0].GetProperty("id").GetGuid();
        await Sent(advisor, new { clientIds = new[] { ana } });
        await app.Database.Execute("drop table client_identified; alter table campaign_frozen drop column identification_text");
        await app.Database.Execute(Migration());
        await app.Services.GetRequiredService<Migrator>().Migrate(CancellationToken.None); // gives new tables their policies

        await Sent(advisor);

        Assert.Equal(["Hola Ana", $"Hola Ana{Line}", $"Hola Beto{Line}"], Texts());
    }

    [Fact]
    public async Task Who_opted_out_since_the_launch_is_skipped_at_the_last_moment()
    {
        var advisor = await Writer("Ana", "Beto");
        var campaign = await Launch(advisor);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, and not sent
        await app.Database.Execute("update client set opted_out_at = created_at where name = 'Ana' and opted_out_at is null");

        await app.Settle();

        Assert.Equal([$"Hola Beto{Line}"], Texts());
        var skipped = (await advisor.Get($"{campaign}/audience?status=skipped")).Body[0];
        Assert.Equal("opted-out", skipped.GetProperty("reason").GetString());
    }

    private string[] Texts() => [.. app.Simulator.Ledger.Of(instance).Select(entry => entry.Text).Order(StringComparer.Ordinal)];

    private Task<long> Claims() => app.Database.Value<long>(
        $"select count(*) from client_identified i join whatsapp_config w on w.profile_id = i.profile_id where w.instance = '{instance}'");

    private async Task<Advisor> Writer(params string[] clients)
    {
        var advisor = await Advisor.Of(app);
        foreach (var name in clients) await advisor.HasClient(name);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        instance = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString()!;
        (await advisor.Put("/api/whatsapp/pacing", new { messages = 100_000, perSeconds = 60 })).Is(HttpStatusCode.OK);
        var profile = new { displayName = "Carla", identification = new { enabled = true, text = "Soy {nombre_asesor}, {nombre_negocio}" } };
        (await advisor.Put("/api/profile", profile)).Is(HttpStatusCode.OK);
        return advisor;
    }

    private static async Task<string> Launch(Advisor advisor, object? audience = null)
    {
        var campaign = $"/api/campaigns/{await advisor.HasDraft(audience ?? new { all = true })}";
        (await advisor.Post($"{campaign}/send")).Is(HttpStatusCode.Accepted);
        return campaign;
    }

    private async Task Sent(Advisor advisor, object? audience = null)
    {
        await Launch(advisor, audience);
        await app.Settle();
    }

    private static string Migration()
    {
        var service = typeof(Feature).Assembly;
        var name = service.GetManifestResourceNames().Single(resource => resource.EndsWith("0054_identification.sql", StringComparison.Ordinal));
        using var reader = new StreamReader(service.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
