using MassMessaging.Clients;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Which members of a lane may go at this moment, by the rules that are about the person or the text. Pure; its memory is of this moment
/// only, so that two members of one client in one tick count as two.
/// </summary>
/// <param name="policies">The profile's.</param>
/// <param name="profileZone">IANA name; of clients whose country is not known.</param>
/// <param name="now">The moment.</param>
/// <param name="horizon">A message granted now may reach the gateway as late as this: it must not be quiet by then either.</param>
/// <param name="recent">Each client's messages within the cap's days, latest first; those without any may be missing.</param>
/// <param name="texts">Of the day; null where the guard is off.</param>
public sealed class MemberRules(
    PacingPolicies policies, string profileZone, DateTimeOffset now, DateTimeOffset horizon,
    IReadOnlyDictionary<Guid, IReadOnlyList<DateTimeOffset>>? recent = null, TextShares? texts = null)
{
    /// <summary>As many digits as it takes to know the country.</summary>
    private const int Prefix = 7;

    private readonly Dictionary<string, MemberHold?> quiet = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, int> granted = [];

    public static bool AreIn(PacingPolicies? policies) =>
        policies is not null and not { QuietHours: null, FrequencyCap: null, SimilarText: null, ReplyLane: false };

    /// <summary>Since when messages count towards the cap; null without one.</summary>
    public static DateTimeOffset? CountedSince(PacingPolicies policies, DateTimeOffset now) =>
        policies.FrequencyCap is { } cap ? now - TimeSpan.FromDays(cap.PerDays) : null;

    /// <param name="client">Whose cap.</param>
    /// <param name="phone">E.164: tells the time zone. Empty when erased: such a member is left out, not held.</param>
    /// <param name="text">What the member is sent.</param>
    /// <param name="wroteLately">The reply lane: neither quiet hours nor the cap hold who wrote within a day.</param>
    public MemberHold? Hold(Guid client, string phone, TextOf text, bool wroteLately = false)
    {
        if (phone.Length == 0) return null;
        var byText = texts?.Hold(text);
        return wroteLately ? byText : MemberHold.Longest(Quiet(phone), Cap(client), byText);
    }

    public void Grant(Guid client, TextOf text)
    {
        granted[client] = granted.GetValueOrDefault(client) + 1;
        texts?.Grant(text);
    }

    private MemberHold? Cap(Guid client)
    {
        if (policies.FrequencyCap is not { } cap) return null;

        var sent = recent?.GetValueOrDefault(client) ?? [];
        var count = sent.Count + granted.GetValueOrDefault(client);
        if (count < cap.Messages) return null;

        // The one that has to fall out of the window for the next message; those of this very moment are the latest.
        var place = cap.Messages - 1 - granted.GetValueOrDefault(client);
        return new(MemberHold.FrequencyCap, (place >= 0 ? sent[place] : now) + TimeSpan.FromDays(cap.PerDays));
    }

    private MemberHold? Quiet(string phone)
    {
        if (policies.QuietHours is not { } hours) return null;

        var country = phone.Length > Prefix ? phone[..Prefix] : phone;
        if (quiet.TryGetValue(country, out var known)) return known;

        var zone = ClientZones.Of(PhoneNumber.CountryOf(country), profileZone);
        var at = QuietTime.IsQuiet(hours, now, zone) ? now : horizon;
        return quiet[country] = QuietTime.IsQuiet(hours, at, zone)
            ? new(MemberHold.QuietHours, QuietTime.NextAllowed(hours, at, zone))
            : null;
    }
}
