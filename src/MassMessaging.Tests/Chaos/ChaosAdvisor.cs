using System.Globalization;
using System.Net;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Chaos;

/// <summary>The gateway must not hear of the campaign between the answer and the next request that may let it go on.</summary>
internal sealed record Silence(DeclaredCampaign Campaign, long FromMicros)
{
    public long? ToMicros { get; set; }
}

/// <summary>
/// An advisor who goes on working whatever happens, and remembers what was answered. Where an answer never came (its node died with the
/// key in its hands), either may be true.
/// </summary>
/// <param name="lane">The advisor's.</param>
/// <param name="seed">Chooses the acts.</param>
/// <param name="mostLaunches">In all.</param>
/// <param name="micros">The gateway's monotonic clock.</param>
internal sealed class ChaosAdvisor(SimulatedLane lane, int seed, int mostLaunches, Func<long> micros)
{
    private const int MostSending = 2;
    private readonly Random random = new(seed);
    private readonly HashSet<DeclaredCampaign> unsure = [];
    private readonly HashSet<Guid> unsureClients = [];
    private readonly List<(Guid Client, string Note, bool IsSure)> notes = [];
    private readonly Dictionary<Guid, bool> optedOut = [];
    private readonly Dictionary<Guid, string> emails = [];
    private int launches;

    public SimulatedLane Lane => lane;

    public Dictionary<string, int> Acts { get; } = [];

    public List<Silence> Silences { get; } = [];

    public async Task Live(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await lane.SignIn();
            await (lane.Campaigns.Count == 0 ? Launch() : Act());
            await Cluster.Passes(TimeSpan.FromMilliseconds(random.Next(50, 400)));
        }
    }

    /// <summary>Everything that is paused goes on.</summary>
    public async Task ResumeAll()
    {
        await lane.SignIn();
        foreach (var campaign in lane.Campaigns) await Ask(campaign, "resume");
    }

    /// <summary>What was answered is there, once; what is there was asked for.</summary>
    public async Task<IReadOnlyList<string>> Missing()
    {
        await lane.SignIn();
        var missing = new List<string>();
        foreach (var (client, asked) in notes.ToLookup(note => note.Client).Select(group => (group.Key, group)))
        {
            var kept = (await lane.Advisor.Get($"/api/clients/{client}/notes")).Body.EnumerateArray().Select(row => row.GetProperty("note").GetString()).ToList();
            missing.AddRange(asked.Select(note => (note, Count: kept.Count(text => text == note.Note)))
                .Where(one => one.Count > 1 || (one.Count == 0 && one.note.IsSure)).Select(one => $"note {one.note} is there {one.Count} times"));
        }

        foreach (var client in optedOut.Keys.Concat(emails.Keys).Distinct().Where(client => !unsureClients.Contains(client)))
        {
            var row = (await lane.Advisor.Get($"/api/clients/{client}")).Body;
            if (optedOut.TryGetValue(client, out var isOut) && isOut == (row.GetProperty("optedOutAt").GetString() is null)) missing.Add($"{client} opted out: {isOut}");
            if (emails.TryGetValue(client, out var email) && row.GetProperty("email").GetString() != email) missing.Add($"{client} has not {email}");
        }

        return missing;
    }

    private Task Act()
    {
        var campaign = lane.Campaigns[random.Next(lane.Campaigns.Count)];
        var client = lane.Numbers.Keys.Order().ElementAt(random.Next(lane.Numbers.Count));
        return random.Next(14) switch
        {
            0 or 1 => Stop(campaign, "pause"),
            2 or 3 or 4 => Ask(campaign, "resume"),
            5 when random.Next(3) == 0 => Stop(campaign, "cancel"),
            6 => Ask(campaign, "retry-failed"),
            7 => Resolve(campaign),
            8 or 9 => Note(client),
            10 => OptOut(client, random.Next(2) == 0),
            11 => Edit(client),
            _ => Launch(),
        };
    }

    /// <summary>While not too many are sending.</summary>
    private async Task Launch()
    {
        if (launches == mostLaunches || (await lane.Advisor.Get("/api/campaigns?status=sending")).Body.GetArrayLength() >= MostSending) return;

        var mark = string.Create(CultureInfo.InvariantCulture, $"{launches++}:");
        var draft = new { name = mark, objective = "ventas", messageContent = $"{mark} Hola {{nombre_cliente}}", audience = new { all = true } };
        var created = await Post("launch", "/api/campaigns", draft);
        if ((created.Status == HttpStatusCode.Created ? created.Id : await Named(mark)) is { } id)
        {
            var sent = await Post("send", $"/api/campaigns/{id}/send");
            if (sent.Status == HttpStatusCode.Accepted || CodeOf(sent) is "idempotency-answer-not-kept" or "idempotency-in-progress")
                lane.Campaigns.Add(new DeclaredCampaign(id, mark, sent.Status == HttpStatusCode.Accepted ? [.. lane.Numbers.Values] : [], null));
        }
    }

    private async Task<Guid?> Named(string mark) => (await lane.Advisor.Get("/api/campaigns")).Body.EnumerateArray()
        .Where(row => row.GetProperty("name").GetString() == mark).Select(row => (Guid?)row.GetProperty("id").GetGuid()).SingleOrDefault();

    /// <summary>Whatever the campaign answers: it may have ended by then. What got no answer may still happen.</summary>
    private async Task<Answer> Ask(DeclaredCampaign campaign, string act)
    {
        var asked = micros();
        foreach (var silence in Silences.Where(silence => silence.Campaign == campaign && silence.ToMicros is null)) silence.ToMicros = asked;
        var answer = await Post(act, $"{campaign.Path}/{act}");
        if (!IsSure(answer)) unsure.Add(campaign);
        return answer;
    }

    private async Task Stop(DeclaredCampaign campaign, string act)
    {
        var answer = await Ask(campaign, act);
        if (answer.Status == HttpStatusCode.OK && !unsure.Contains(campaign)) Silences.Add(new(campaign, micros()));
    }

    private async Task Resolve(DeclaredCampaign campaign)
    {
        var rows = (await lane.Advisor.Get($"{campaign.Path}/audience?status=in_doubt")).Body.EnumerateArray();
        var doubts = rows.Select(row => row.GetProperty("id").GetGuid()).Take(3).ToList();
        if (doubts.Count == 0) return;

        // A message that is sent again after a pause is not the pause's fault.
        foreach (var silence in Silences.Where(silence => silence.Campaign == campaign && silence.ToMicros is null)) silence.ToMicros = micros();
        var outcome = random.Next(3) switch { 0 => "sent", 1 => "resend", _ => "failed" };
        await Post("resolve", $"{campaign.Path}/audience/resolve", new { memberIds = doubts, outcome, note = "asked" });
    }

    private async Task Note(Guid client)
    {
        var note = string.Create(CultureInfo.InvariantCulture, $"note {notes.Count}");
        var answer = await Post("note", $"/api/clients/{client}/notes", new { note });
        notes.Add((client, note, answer.Status == HttpStatusCode.Created || CodeOf(answer) == "idempotency-answer-not-kept"));
    }

    private async Task OptOut(Guid client, bool isOut)
    {
        var act = isOut ? "opt-out" : "opt-in";
        var answer = await Post(act, $"/api/clients/{client}/{act}", isOut ? (object)new { reason = "asked" } : new { source = "asked" });
        if (IsSure(answer)) optedOut[client] = isOut;
        else unsureClients.Add(client);
    }

    /// <summary>A PUT has no key: one that was asked for twice may happen once more, late.</summary>
    private async Task Edit(Guid client)
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"a{random.Next(1_000_000)}@example.com");
        var answer = await lane.Advisor.Put($"/api/clients/{client}", new { email });
        Count("edit");
        if (answer.Message.Headers.GetValues(InsistentHandler.Tries).Single() != "1") unsureClients.Add(client);
        emails[client] = email;
    }

    private static string? CodeOf(Answer answer) => answer.Status == HttpStatusCode.Conflict ? answer.Code : null;

    private static bool IsSure(Answer answer) => CodeOf(answer) != "idempotency-in-progress";

    private Task<Answer> Post(string act, string path, object? body = null)
    {
        Count(act);
        return lane.Advisor.Post(path, body);
    }

    private void Count(string act) => Acts[act] = Acts.GetValueOrDefault(act) + 1;
}
