using System.Net;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns;

/// <summary>Why somebody is out: the same before the launch and at it.</summary>
public sealed class ExcludedReasonSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const int Clients = 40;
    private const int Launches = 12;

    [Fact]
    public async Task Who_is_named_and_gone_reads_as_erased_and_so_does_who_never_was_or_is_somebody_elses()
    {
        var (advisor, other) = (await Advisor.Of(app), await Advisor.Of(app));
        var (ana, beto, theirs) = (await advisor.HasClient("Ana"), await advisor.HasClient("Beto"), await other.HasClient("Carla"));
        (await advisor.Delete($"/api/clients/{beto}")).Is(HttpStatusCode.NoContent);

        var (preview, excluded) = await Launched(advisor, new { clientIds = new[] { ana, beto, theirs, Guid.NewGuid(), beto } });

        Assert.Equal((1, "erased 3"), (preview["included"].GetInt32(), Counts(preview)));
        Assert.Equal(3, excluded.Count(row => row.Reason == "erased"));
    }

    [Fact]
    public async Task A_number_that_is_none_and_an_older_spelling_of_anothers_number_are_out()
    {
        var advisor = await Advisor.Of(app);
        var (ana, beto, carla) = (await advisor.HasClient("Ana"), await advisor.HasClient("Beto"), await advisor.HasClient("Carla"));
        await advisor.HasClient("Dora");
        await app.Database.Execute($"update client set phone = '12' where id = '{ana}'");
        await app.Database.Execute($"update client set phone = '+5215512345678' where id = '{beto}'; update client set phone = '+525512345678' where id = '{carla}'");

        var (preview, excluded) = await Launched(advisor, new { all = true });

        Assert.Equal((2, "duplicate 1, invalid-phone 1"), (preview["included"].GetInt32(), Counts(preview)));
        Assert.Equal([(ana, "invalid-phone"), (beto, "duplicate")], excluded.OrderBy(row => row.Client));
    }

    [Fact]
    public async Task An_older_spelling_alone_is_in()
    {
        var advisor = await Advisor.Of(app);
        var (ana, beto) = (await advisor.HasClient("Ana"), await advisor.HasClient("Beto"));
        await app.Database.Execute($"update client set phone = '+5511' || '81234567' where id = '{ana}'; update client set phone = '+55119' || '81234567' where id = '{beto}'");

        var (preview, _) = await Launched(advisor, new { clientIds = new[] { ana } });

        Assert.Equal((1, ""), (preview["included"].GetInt32(), Counts(preview)));
    }

    [Fact]
    public async Task Who_had_as_many_messages_as_the_cap_allows_is_out_until_the_days_are_over()
    {
        var advisor = await Advisor.Of(app);
        var ana = await advisor.HasClient("Ana");
        await advisor.HasClient("Beto");
        await advisor.Put("/api/whatsapp/pacing", new { frequencyCap = new { messages = 2, perDays = 7 } });
        for (var message = 0; message < 2; message++) await Launched(advisor, new { clientIds = new[] { ana } });
        await app.Database.Execute($"update campaign_audience set status = 'read', attempted_at = queued_at, sent_at = queued_at where client_id = '{ana}'");

        var (preview, excluded) = await Launched(advisor, new { all = true });
        await app.Database.Execute($"update campaign_audience set attempted_at = queued_at - interval '8 days' where client_id = '{ana}'");
        var (later, _) = await Launched(advisor, new { all = true });

        Assert.Equal((1, "frequency-cap 1"), (preview["included"].GetInt32(), Counts(preview)));
        Assert.Equal([(ana, "frequency-cap")], excluded);
        Assert.Equal((2, ""), (later["included"].GetInt32(), Counts(later)));
    }

    [Fact]
    public async Task A_preview_counts_what_a_launch_right_after_it_plans_and_leaves_out()
    {
        var advisor = await Advisor.Of(app);
        var clients = new List<Guid>();
        string[] labels = ["consumidor", "prospecto", "afiliado"];
        for (var client = 0; client < Clients; client++) clients.Add(await advisor.HasClient($"Cliente {client}", labels[client % 3]));
        await advisor.Put("/api/whatsapp/pacing", new { frequencyCap = new { messages = 3, perDays = 30 } });
        await Spoil(clients);
        var campaigns = new List<Guid>();

        foreach (var audience in Audiences(clients, campaigns).Sample(Launches, Launches))
        {
            var (preview, excluded) = await Launched(advisor, audience(), campaigns);
            var path = $"/api/campaigns/{campaigns[^1]}";

            Assert.Equal(Counts(preview), Text(excluded.GroupBy(row => row.Reason).Select(group => (group.Key, group.Count()))));
            var row = await advisor.Get(path);
            if (row["status"].GetString() == "draft") Assert.Equal(0, preview["included"].GetInt32());
            else Assert.Equal(preview["included"].GetInt32(), (await advisor.Get($"{path}/audience")).Body.GetArrayLength());
            await app.Database.Execute($"update campaign_audience set status = 'sent', attempted_at = queued_at where campaign_id = '{campaigns[^1]}'");
        }
    }

    /// <summary>Everything that can be wrong with a client, on some of them.</summary>
    private async Task Spoil(List<Guid> clients)
    {
        await app.Database.Execute($"update client set opted_out_at = created_at where id in ('{clients[1]}', '{clients[2]}')");
        await app.Database.Execute($"update client set phone = '7' where id = '{clients[3]}'; update client set phone = '+5493514504000' where id = '{clients[4]}'");
        await app.Database.Execute($"update client set phone = '+543514504000' where id = '{clients[5]}'");
        await app.Database.Execute($"""
            insert into client_contact (profile_id, id, last_contact_at) select profile_id, id, created_at - interval '20 days' from client
            where id in ('{clients[6]}', '{clients[7]}', '{clients[8]}')
            """);
    }

    private static Gen<Func<object>> Audiences(List<Guid> clients, List<Guid> campaigns) =>
        from all in Gen.Frequency((1, Gen.Constant(true)), (3, Gen.Constant(false)))
        from named in Gen.SubListOf<Guid>([.. clients, Guid.NewGuid(), Guid.NewGuid()])
        from labels in Gen.SubListOf("consumidor", "prospecto", "afiliado")
        from days in Gen.Elements<int?>(null, 10, 30)
        from less in Gen.SubListOf<Guid>([.. clients.Take(12)])
        from skipsEarlier in Gen.Frequency((1, Gen.Constant(true)), (4, Gen.Constant(false)))
        from since in Gen.Elements<string?>(null, null, "2020-01-01T00:00:00Z")
        select (Func<object>)(() => new
        {
            all,
            clientIds = named,
            labels,
            withoutContactDays = days,
            excludeClientIds = less,
            excludeCampaignIds = skipsEarlier ? campaigns.TakeLast(1).Append(Guid.NewGuid()).ToArray() : [],
            notContactedSince = since,
        });

    private async Task<(Answer Preview, List<(Guid Client, string Reason)> Excluded)> Launched(
        Advisor advisor, object audience, List<Guid>? campaigns = null)
    {
        var campaign = await advisor.HasDraft(audience);
        campaigns?.Add(campaign);
        var preview = await advisor.Post($"/api/campaigns/{campaign}/preview");
        var sent = await advisor.Post($"/api/campaigns/{campaign}/send");
        if (sent.Status == HttpStatusCode.Conflict) // nobody is in: nothing was planned
            return (preview, [.. preview["excluded"].EnumerateArray().SelectMany(Repeat)]);

        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, and not sent
        var rows = (await advisor.Get($"/api/campaigns/{campaign}/excluded")).Body.EnumerateArray();
        return (preview, [.. rows.Select(row => (row.GetProperty("clientId").GetGuid(), row.GetProperty("reason").GetString()!))]);
    }

    private static IEnumerable<(Guid Client, string Reason)> Repeat(JsonElement count) =>
        Enumerable.Repeat((Guid.Empty, count.GetProperty("reason").GetString()!), count.GetProperty("count").GetInt32());

    private static string Counts(Answer preview) => Text(preview["excluded"].EnumerateArray()
        .Select(count => (count.GetProperty("reason").GetString()!, count.GetProperty("count").GetInt32())));

    private static string Text(IEnumerable<(string Reason, int Count)> counts) =>
        string.Join(", ", counts.OrderBy(count => count.Reason, StringComparer.Ordinal).Select(count => $"{count.Reason} {count.Count}"));
}
