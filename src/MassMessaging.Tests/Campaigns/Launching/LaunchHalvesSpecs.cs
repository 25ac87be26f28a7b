using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Launching;

public sealed class LaunchHalvesSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const int Clients = 9000;

    [Fact]
    public async Task A_large_launch_plans_everybody_once_in_two_halves_and_is_planned_when_both_are()
    {
        var (advisor, profile) = await Crowd();
        var campaign = await advisor.HasDraft(new { all = true });

        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Drain();

        Assert.Equal(
            $"{Clients * 9 / 10}|{Clients * 9 / 10}|{Clients * 9 / 10}|{Clients / 10}",
            await app.Database.Value<string>($"""
                select concat_ws('|', count(*), count(distinct a.client_id), count(r.member_id),
                    (select count(*) from campaign_excluded where campaign_id = '{campaign}' and reason = 'opted-out'))
                from campaign_audience a
                left join campaign_recipient r on r.profile_id = a.profile_id and r.member_id = a.id
                join client c on c.profile_id = a.profile_id and c.id = a.client_id and c.phone = r.phone and c.name = r.name
                where a.profile_id = '{profile}' and a.campaign_id = '{campaign}'
                """));
        Assert.Equal(
            $"1|{Clients * 9 / 10}|{Clients / 10}",
            await app.Database.Value<string>($"""
                select concat_ws('|', count(*), max(data ->> 'included'), max(data ->> 'excluded'))
                from mt_events where stream_id = '{campaign}' and type = 'audience_planned'
                """));
        Assert.Equal(0, await app.Database.Value<long>($"select count(*) from launch_half where campaign_id = '{campaign}'"));
    }

    [Fact]
    public async Task Variants_of_a_large_launch_are_dealt_out_in_one_chain()
    {
        var (advisor, _) = await Crowd();
        var created = await advisor.Post("/api/campaigns", new
        {
            name = "Marzo", objective = "ventas", messageContent = "Hola {nombre_cliente}", audience = new { all = true },
            variants = new[]
            {
                new { messageContent = "Hola {nombre_cliente}", share = 30 }, new { messageContent = "Buenas {nombre_cliente}", share = 70 },
            },
        });
        created.Is(HttpStatusCode.Created);

        (await advisor.Post($"/api/campaigns/{created.Id}/send")).Is(HttpStatusCode.Accepted);
        await app.Drain();

        Assert.Equal(
            $"{Clients * 9 / 10 * 3 / 10}|{Clients * 9 / 10 * 7 / 10}",
            await app.Database.Value<string>($"""
                select concat_ws('|', count(*) filter (where variant = 'A'), count(*) filter (where variant = 'B'))
                from campaign_audience where campaign_id = '{created.Id}'
                """));
    }

    private async Task<(Advisor Advisor, Guid Profile)> Crowd()
    {
        var advisor = await Advisor.Of(app);
        var profile = (await advisor.Get("/api/profile"))["id"].GetGuid();
        await app.Database.Execute($"""
            insert into client (profile_id, id, name, search_name, phone, label, created_at, updated_at, opted_out_at)
            select '{profile}', gen_random_uuid(), 'Ana ' || n, 'ana ' || n, '+54911' || (55000000 + n), 'consumidor', now(), now(),
                case when n % 10 = 0 then now() end
            from generate_series(1, {Clients}) as n
            """);
        return (advisor, profile);
    }
}
