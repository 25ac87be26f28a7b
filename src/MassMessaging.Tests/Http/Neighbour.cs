using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Notifications;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Http;

/// <summary>
/// An advisor who has at least two of everything, and campaigns in every state that routes ask for. A route with a new kind of id needs
/// one here: specs that walk over all routes fail until it has.
/// </summary>
internal sealed class Neighbour
{
    private readonly Dictionary<string, Guid[]> ids = [];

    private Neighbour(Advisor advisor) => Advisor = advisor;

    public Advisor Advisor { get; }

    public Guid Profile { get; private set; }

    /// <summary>The first of every kind of thing.</summary>
    public IEnumerable<string> OneOfEach => ids.Values.Select(values => values[0].ToString());

    /// <summary>Whether a place with this name asks for such a thing: "clientIds" for a client.</summary>
    public bool IsOf(string id, string place) => id == Profile.ToString()
        ? place.StartsWith("profile", StringComparison.OrdinalIgnoreCase)
        : ids.Any(kind => kind.Value.Any(value => value.ToString() == id) && place.Contains(kind.Key.Split('-')[^1].TrimEnd('s'), StringComparison.OrdinalIgnoreCase));

    public IEnumerable<Guid> AllIds => ids.Values.SelectMany(values => values);

    public static async Task<Neighbour> Of(TestApp app, string name)
    {
        var neighbour = new Neighbour(await Advisor.Of(app));
        neighbour.Profile = (await neighbour.Advisor.Get("/api/profile")).Id;
        await neighbour.Fill(app, name);
        return neighbour;
    }

    /// <summary>The path with every combination of ids of this neighbour, or null if a part of it has none.</summary>
    public IReadOnlyList<string>? Paths(string template)
    {
        IEnumerable<string> paths = [template];
        foreach (var part in template.Split('/').Where(part => part.StartsWith('{')))
        {
            if (Values(template, part) is not { } values) return null;
            paths = paths.SelectMany(path => values.Select(value => path.Replace(part, value, StringComparison.Ordinal))).ToList();
        }

        return [.. paths];
    }

    /// <summary>Every row of every table that names the profile.</summary>
    public async Task<string> Rows(TestApp app)
    {
        var tables = await app.Database.Value<string[]>(
            "select array_agg(tablename::text order by tablename) from pg_tables where schemaname = current_schema()");
        var rows = new List<string>();
        foreach (var table in tables!)
        {
            rows.Add($"{table}: " + await app.Database.Value<string>(
                $"select string_agg(t::text, E'\\n' order by t::text) from \"{table}\" t where coalesce(to_jsonb(t) ->> 'profile_id', t::text) like '%{Profile}%'"));
        }

        return string.Join('\n', rows);
    }

    private IEnumerable<string>? Values(string template, string part) => part switch
    {
        "{label}" => ["consumidor"],
        "{days}" => ["0"],
        "{name}" => ["campaign-counters"],
        "{memberId}" => Ids("member"),
        "{id}" or "{campaignId}" => template.Split('/')[2..].Select(Ids).FirstOrDefault(own => own is not null),
        _ => null,
    };

    private IEnumerable<string>? Ids(string kind) => ids.TryGetValue(kind, out var values) ? values.Select(value => value.ToString()) : null;

    private async Task Fill(TestApp app, string name)
    {
        Guid[] clients =
        [
            await Advisor.HasClient($"{name} Uno"), await Advisor.HasClient($"{name} Dos"),
            await Advisor.HasClient($"{name} Tres"), await Advisor.HasClient($"{name} Cuatro"),
        ];
        foreach (var note in (string[])["one", "two"]) await Done(Advisor.Post($"/api/clients/{clients[0]}/notes", new { note }));
        foreach (var client in clients[2..]) await Done(Advisor.Post($"/api/clients/{client}/opt-out", new { reason = "no quiero" }));
        await Done(Advisor.Post($"/api/clients/{clients[0]}/opt-in", new { source = "feria" }));
        await Done(Advisor.Post($"/api/clients/{clients[0]}/opt-out", new { }));
        await Done(Advisor.Post($"/api/clients/{clients[0]}/opt-in", new { source = "feria" }));
        ids["clients"] = [clients[0]];
        ids["campaign-templates"] = [await Template("Hola"), await Template("Adiós")];
        ids["api-keys"] = [await Key("uno"), await Key("dos")];
        await Done(Advisor.Post("/api/whatsapp/connect"));
        foreach (var objective in (string[])["seguimiento", "ventas"])
            await Done(Advisor.Post("/api/ai/messages/generate", new { objective, tone = "cercano", clientId = clients[0], count = 1 }));
        await Campaigns(app, name);
        await Surveys(app, name);
        if ((await Route.All(app)).Any(route => route.Path == "/api/notifications")) await Notifications(app);
        await DeadLetters(app);
    }

    private async Task DeadLetters(TestApp app)
    {
        foreach (var key in (string[])["uno", "dos"])
            await app.Database.Execute(
                "insert into message (queue, type, key, body, due_at, scheduled_for, sent_at, actor, dead_at, error) "
                + $"select 'settle', 'settle_campaign', '{Profile} {key}', jsonb_build_object('profileId', '{Profile}'), at, at, at, 'system', at, 'spec' "
                + "from (select timestamptz '2026-03-01' as at) t");
        ids["operations"] = [.. (await Advisor.Get("/api/operations/dead-letters")).Body.EnumerateArray().Select(letter => letter.GetProperty("id").GetGuid())];
    }

    private async Task<bool> Ended(TestApp app, Guid campaign)
    {
        await app.Settle();
        return (await Advisor.Get($"/api/campaigns/{campaign}"))["status"].GetString() == "sent";
    }

    private async Task Campaigns(TestApp app, string name)
    {
        var everybody = new { all = true };
        var sent = await Advisor.HasDraft(everybody, "Enviada");
        await Done(Advisor.Post($"/api/campaigns/{sent}/send"));
        await Eventually.True(() => Ended(app, sent), TimeSpan.FromSeconds(30), "everybody's slot has come");
        var paused = await Advisor.HasDraft(everybody, "En pausa");
        await Done(Advisor.Post($"/api/campaigns/{paused}/send"));
        await Done(Advisor.Post($"/api/campaigns/{paused}/pause"));
        var draft = await Advisor.HasDraft(everybody, "Borrador");
        var scheduled = await Advisor.HasDraft(everybody, "Programada");
        await Done(Advisor.Post($"/api/campaigns/{scheduled}/schedule", new { scheduledAt = "2199-01-01T12:00:00Z" }));

        // The sent one first: what only a sent campaign has is listed from it.
        ids["campaigns"] = [sent, draft, scheduled, paused];
        ids["member"] = [(await Advisor.Get($"/api/campaigns/{sent}/audience")).Body[0].GetProperty("id").GetGuid()];
        foreach (var text in (string[])["sí", "no"])
            await app.Database.Execute(
                $"insert into campaign_reply (profile_id, id, campaign_id, member_id, client_id, text, at) "
                + $"select profile_id, '{Guid.CreateVersion7()}', campaign_id, id, client_id, '{name}: {text}', queued_at "
                + $"from campaign_audience where id = '{ids["member"][0]}'");
    }

    private async Task Surveys(TestApp app, string name)
    {
        var slug = (await Advisor.Get("/api/profile"))["slug"].GetString();
        var visitor = new Advisor(app.Anonymous());
        foreach (var number in (int[])[1, 2])
            await Done(visitor.Post($"/api/public/{slug}/health-survey", new { visitorName = $"{name} {number}", answers = new { sleep = "bien" } }));
        ids["health-survey"] = [.. (await Advisor.Get("/api/health-survey")).Body.EnumerateArray().Select(survey => survey.GetProperty("id").GetGuid())];
    }

    private async Task Notifications(TestApp app)
    {
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        foreach (var text in (string[])["uno", "dos"]) await Notify.Tell(session, Profile, "lane-held", null, text, CancellationToken.None);
        await session.Commit(CancellationToken.None);
        ids["notifications"] = [.. (await Advisor.Get("/api/notifications")).Body.EnumerateArray().Select(told => told.GetProperty("id").GetGuid())];
    }

    private async Task<Guid> Template(string name) =>
        (await Done(Advisor.Post("/api/campaign-templates", new { name, content = $"{name} {{nombre_cliente}}" }))).Id;

    private async Task<Guid> Key(string name) => (await Done(Advisor.Post("/api/api-keys", new { name, scopes = (string[])["read"] }))).Id;

    private static async Task<Answer> Done(Task<Answer> asked)
    {
        var answer = await asked;
        Assert.True(answer.Status < HttpStatusCode.BadRequest, answer.Body.ToString());
        return answer;
    }
}
