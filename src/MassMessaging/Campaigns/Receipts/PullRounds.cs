namespace MassMessaging.Campaigns.Receipts;

/// <summary>A few messages of one number that are to be asked about now, in the order of their members.</summary>
public sealed record PullPage(
    Guid Profile, Guid Campaign, int Step, DateTimeOffset ClaimedUntil, IReadOnlyList<(Guid Member, string Instance, string GatewayId)> Messages);

/// <summary>
/// How far each campaign's messages were asked about: a round goes over those that reached an age since the round before, page by page.
/// </summary>
public static class PullRounds
{
    /// <summary>Of one number in one run, which is a second.</summary>
    public const int PageSize = 3;

    private const int MostAtOnce = 20;
    private static readonly TimeSpan StillMoving = TimeSpan.FromDays(2);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const string Recent = "(c.status = 'sending' or c.updated_at > @oldest)";

    private const string Forget = $"""
        delete from receipt_pull p
        where not exists (select 1 from campaign c where c.profile_id = p.profile_id and c.id = p.campaign_id and {Recent})
        """;

    private const string Notice = $"""
        insert into receipt_pull (profile_id, campaign_id, step, asked_to, due_at)
        select c.profile_id, c.id, s.place - 1, '-infinity', c.started_at + s.age
        from campaign c
        join whatsapp_config w on w.profile_id = c.profile_id and w.gateway = 'evolution'
        cross join unnest(@ages::interval[]) with ordinality as s (age, place)
        where c.started_at is not null and {Recent}
          and not exists (select 1 from receipt_pull p where p.profile_id = c.profile_id and p.campaign_id = c.id)
        on conflict do nothing
        """;

    // One round of each number, and none of a number that is not there or that the gateway holds up: sending goes first.
    private const string Claim = """
        with due as (
            select p.profile_id, p.campaign_id, p.step
            from receipt_pull p
            join whatsapp_config w on w.profile_id = p.profile_id and w.state <> 'close'
            left join lane l on l.profile_id = p.profile_id
            where p.due_at <= @now and (l.held_until is null or l.held_until <= @now)
              and not exists (
                select 1 from receipt_pull o where o.profile_id = p.profile_id and o.due_at <= @now
                  and (o.due_at, o.campaign_id, o.step) < (p.due_at, p.campaign_id, p.step))
            order by p.due_at limit @most for update of p skip locked)
        update receipt_pull p
        set due_at = @now + @lease, asking_to = coalesce(p.asking_to, @now - (@ages::interval[])[p.step + 1])
        from due where p.profile_id = due.profile_id and p.campaign_id = due.campaign_id and p.step = due.step
        returning p.profile_id, p.campaign_id, p.step, p.due_at
        """;

    private const string Messages = """
        select p.profile_id, p.campaign_id, p.step, m.id, m.instance, m.gateway_id
        from unnest(@profiles::uuid[], @campaigns::uuid[], @steps::int[]) as c (profile_id, campaign_id, step)
        join receipt_pull p on p.profile_id = c.profile_id and p.campaign_id = c.campaign_id and p.step = c.step
        join whatsapp_config w on w.profile_id = p.profile_id
        cross join lateral (
            select a.id, g.instance, g.gateway_id
            from campaign_audience a
            join gateway_message g on g.profile_id = a.profile_id and g.member_id = a.id and g.message_id = a.whatsapp_message_id
            where a.profile_id = p.profile_id and a.campaign_id = p.campaign_id and a.status = 'sent' and a.id > p.after_id
              and a.sent_at > p.asked_to and a.sent_at <= p.asking_to and g.instance = w.instance
            order by a.id limit @page) m
        """;

    private const string GoOn = """
        update receipt_pull set after_id = coalesce(@after::uuid, after_id), due_at = @due
        where profile_id = @profile and campaign_id = @campaign and step = @step and due_at = @claimed
        """;

    private const string End = """
        update receipt_pull
        set asked_to = asking_to, asking_to = null, after_id = '00000000-0000-0000-0000-000000000000', due_at = @due
        where profile_id = @profile and campaign_id = @campaign and step = @step and due_at = @claimed
        """;

    /// <summary>Which campaigns there are to ask about: those that send, or did something in the last two days.</summary>
    public static async Task Renew(ISession session, ReceiptPull pull, CancellationToken ct)
    {
        var oldest = ("oldest", (object?)(session.Now - StillMoving));
        await session.Sql(Forget, ct, oldest);
        await session.Sql(Notice, ct, oldest, Ages(pull));
    }

    /// <summary>What is due. The session's commit makes it the caller's for two minutes.</summary>
    public static async Task<IReadOnlyList<PullPage>> Due(ISession session, ReceiptPull pull, CancellationToken ct)
    {
        var claimed = await session.Query(
            Claim, row => (Profile: row.GetGuid(0), Campaign: row.GetGuid(1), Step: row.GetInt32(2), Until: row.GetFieldValue<DateTimeOffset>(3)), ct,
            ("now", session.Now), ("most", MostAtOnce), ("lease", Lease), Ages(pull));
        if (claimed.Count == 0) return [];

        var messages = await session.Query(
            Messages, row => (Round: (row.GetGuid(0), row.GetGuid(1), row.GetInt32(2)), One: (row.GetGuid(3), row.GetString(4), row.GetString(5))), ct,
            ("profiles", claimed.ConvertAll(round => round.Profile).ToArray()), ("campaigns", claimed.ConvertAll(round => round.Campaign).ToArray()),
            ("steps", claimed.ConvertAll(round => round.Step).ToArray()), ("page", PageSize));
        var byRound = messages.ToLookup(message => message.Round, message => message.One); // each in the order of its members
        return claimed.ConvertAll(round =>
            new PullPage(round.Profile, round.Campaign, round.Step, round.Until, [.. byRound[(round.Profile, round.Campaign, round.Step)]]));
    }

    /// <param name="asked">The last member asked about, if any.</param>
    /// <param name="at">When the next page is due.</param>
    public static Task Continue(ISession session, PullPage page, Guid? asked, DateTimeOffset at, CancellationToken ct) =>
        session.Sql(GoOn, ct, [.. Key(page), ("after", asked), ("due", at)]);

    public static Task Finish(ISession session, PullPage page, DateTimeOffset next, CancellationToken ct) =>
        session.Sql(End, ct, [.. Key(page), ("due", next)]);

    private static (string, object?) Ages(ReceiptPull pull) => ("ages", pull.Ages.ToArray());

    private static (string, object?)[] Key(PullPage page) =>
        [("profile", page.Profile), ("campaign", page.Campaign), ("step", page.Step), ("claimed", page.ClaimedUntil)];
}
