using MassMessaging.Clients;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// What is known of each number at Meta and each person: when the person last wrote, which opens the window, and what Meta said of too
/// many messages to them. Rows are locked after the members' streams, in key order.
/// </summary>
public sealed class MetaPairs : IIncomingSubscriber
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(25);
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    private const string Open = """
        insert into whatsapp_pair as p (profile_id, instance, phone, opened_at, touched_at)
        select profile_id, instance, phone, max(at), @now
        from unnest(@profiles::uuid[], @instances::text[], @phones::text[], @ats::timestamptz[]) as m (profile_id, instance, phone, at)
        group by profile_id, instance, phone
        order by profile_id, instance, phone
        on conflict (profile_id, instance, phone) do update
        set opened_at = greatest(p.opened_at, excluded.opened_at), touched_at = excluded.touched_at
        """;

    // 1, 4, 16 … seconds, as Meta asks; what happened ten minutes ago is another story.
    private const string Hold = """
        insert into whatsapp_pair as p (profile_id, instance, phone, held_until, holds, touched_at)
        select profile_id, instance, phone, @now + interval '1 second', 1, @now
        from (select distinct profile_id, instance, phone from unnest(@profiles::uuid[], @instances::text[], @phones::text[])
              as m (profile_id, instance, phone)) m
        order by profile_id, instance, phone
        on conflict (profile_id, instance, phone) do update
        set held_until = @now + least(@longest, interval '1 second' * power(4, case when p.held_until > @now - interval '10 minutes' then least(p.holds, 10) else 0 end)),
            holds = case when p.held_until > @now - interval '10 minutes' then p.holds + 1 else 1 end, touched_at = @now
        """;

    private const string Close = """
        update whatsapp_pair p set opened_at = null, touched_at = @now
        from unnest(@profiles::uuid[], @instances::text[], @phones::text[]) as m (profile_id, instance, phone)
        where p.profile_id = m.profile_id and p.instance = m.instance and p.phone = m.phone
        """;

    private const string Drop = "delete from whatsapp_pair where touched_at < @before";

    private const string Erased = """
        delete from whatsapp_pair p using client c
        where c.profile_id = @profile and c.id = any (@clients) and p.profile_id = c.profile_id and p.phone = c.phone
        """;

    public async Task Receive(IReadOnlyList<IncomingMessage> messages, ISession session, CancellationToken ct)
    {
        var opened = messages.Where(message => CloudInstance.Is(message.Instance)).Select(message => (Message: message, Phone: Canonical(message.From)))
            .Where(each => each.Phone is not null).ToList();
        if (opened.Count == 0) return;

        await session.Sql(
            Open, ct, ("now", session.Now), ("profiles", opened.ConvertAll(each => each.Message.Profile).ToArray()),
            ("instances", opened.ConvertAll(each => each.Message.Instance).ToArray()), ("phones", opened.ConvertAll(each => each.Phone!).ToArray()),
            ("ats", opened.ConvertAll(each => each.Message.At).ToArray()));
    }

    /// <summary>
    /// What Meta said of single people. A template that it calls outside the window waits as well: it cannot be, and must not go round.
    /// </summary>
    public static async Task Learn(ISession session, IReadOnlyList<CallOutcome> outcomes, CancellationToken ct)
    {
        var held = outcomes.Where(one => one.Outcome is SendOutcome.RecipientHeld).ToLookup(
            one => one is { Outcome: SendOutcome.RecipientHeld { Reason: MetaRules.WindowClosed }, Permit.AsTemplate: false }, one => one.Permit);
        await Run(Hold, held[false], [("longest", LongestHold)]);
        await Run(Close, held[true], []);

        async Task Run(string sql, IEnumerable<Permit> permits, (string, object?)[] more)
        {
            var pairs = permits.ToList();
            if (pairs.Count == 0) return;
            await session.Sql(
                sql, ct,
                [
                    ("now", session.Now), ("profiles", pairs.ConvertAll(permit => permit.Member.Profile).ToArray()),
                    ("instances", pairs.ConvertAll(permit => permit.Instance).ToArray()),
                    ("phones", pairs.ConvertAll(permit => permit.Recipient.Phone).ToArray()), .. more,
                ]);
        }
    }

    /// <summary>Windows that have closed and holds that are over.</summary>
    public static Task DropOld(ISession session, CancellationToken ct) => session.Sql(Drop, ct, ("before", session.Now - Kept));

    public static Task Erase(ISession session, Guid profile, IReadOnlyList<Guid> clients, CancellationToken ct) =>
        session.Sql(Erased, ct, ("profile", profile), ("clients", clients.ToArray()));

    private static string? Canonical(string? from) => from is not null && PhoneNumber.TryParse(from, "", out var phone) ? phone : null;
}
