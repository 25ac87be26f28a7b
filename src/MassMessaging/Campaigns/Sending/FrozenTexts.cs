using System.Collections.Concurrent;
using System.Data.Common;
using MassMessaging.Kernel;
using MassMessaging.Templates;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>What a launch froze for all recipients alike.</summary>
/// <param name="Identification">The line for who is written to for the first time; null: switched off.</param>
public sealed record FrozenText(
    string Content, string AdvisorName, string AdvisorPhone, string BusinessName, string TimeZone, string? Identification,
    IReadOnlyList<Variant>? Variants = null, MetaTemplate? Meta = null)
{
    /// <summary>W3C trace context of the launch, if that was recorded.</summary>
    public string? Trace { get; init; }

    /// <summary>What a permit's message is at the gateway.</summary>
    public OutgoingMessage Message(Permit permit, DateTimeOffset at)
    {
        var (name, phone) = (permit.Recipient.Name, permit.Recipient.Phone);
        var reference = SendingEvidence.ReferenceTo(permit);
        if (!permit.AsTemplate || Meta is null)
            return new OutgoingMessage.Text(Render(permit.Variant, name, phone, permit.IsFirst, at)) { Reference = reference };

        return Template(name, phone, at) with { Reference = reference };
    }

    /// <summary>The campaign's template, which it must have.</summary>
    public OutgoingMessage.Template Template(string clientName, string clientPhone, DateTimeOffset at)
    {
        var values = new MessageValues(clientName, clientPhone, AdvisorName, AdvisorPhone, BusinessName, at, TimeZone);
        return new(Meta!.Name, Meta.Language, [.. Meta.Parameters.Select(text => MessageText.Render(text, values))]);
    }

    /// <param name="variant">The recipient's, if the campaign has any.</param>
    /// <param name="clientName">As the launch froze it.</param>
    /// <param name="clientPhone">E.164.</param>
    /// <param name="isFirst">The first message ever sent to this client says who writes.</param>
    /// <param name="at">Of the variables of date and time.</param>
    public string Render(string? variant, string clientName, string clientPhone, bool isFirst, DateTimeOffset at)
    {
        var values = new MessageValues(clientName, clientPhone, AdvisorName, AdvisorPhone, BusinessName, at, TimeZone);
        var message = MessageText.Render(Campaigns.Variants.Text(Variants, variant) ?? Content, values);
        return IdentificationLine.Under(message, isFirst ? Identification : null, values);
    }
}

/// <summary>Frozen texts never change, so each is read once per node.</summary>
public sealed class FrozenTexts(IStore store)
{
    private const int Most = 10_000;
    private const string Select = """
        select f.message_content, f.advisor_name, f.advisor_phone, f.business_name, f.time_zone, f.identification_text, f.variants, t.meta_template,
               f.campaign_id
        from unnest(@profiles::uuid[], @campaigns::uuid[]) as k (profile_id, campaign_id)
        join campaign_frozen f on f.profile_id = k.profile_id and f.campaign_id = k.campaign_id
        left join campaign c on c.profile_id = f.profile_id and c.id = f.campaign_id
        left join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        """;

    private readonly ConcurrentDictionary<Guid, FrozenText> known = new();
    private readonly ConcurrentDictionary<Guid, Task<FrozenText?>> reading = new();

    public async Task<FrozenText?> Of(Guid profile, Guid campaign)
    {
        if (known.TryGetValue(campaign, out var text)) return text;

        // The first messages of a campaign come together: one reads for all.
        try
        {
            return await reading.GetOrAdd(campaign, _ => Read(profile, campaign));
        }
        finally
        {
            reading.TryRemove(campaign, out _);
        }
    }

    /// <summary>Reads what is not known yet, all of it at once, before the first messages ask for it one by one.</summary>
    public async Task Learn(ISession session, IEnumerable<StreamKey> campaigns, CancellationToken ct)
    {
        var unknown = campaigns.Where(campaign => !known.ContainsKey(campaign.Id)).Distinct().ToList();
        if (unknown.Count == 0 || CampaignTraces.AreKept) return;

        var found = await session.Query(
            Select, Read, ct, ("profiles", unknown.ConvertAll(campaign => campaign.Profile).ToArray()),
            ("campaigns", unknown.ConvertAll(campaign => campaign.Id).ToArray()));
        foreach (var (campaign, text) in found) Keep(campaign, text);
    }

    private async Task<FrozenText?> Read(Guid profile, Guid campaign)
    {
        var found = await store.Query(
            Select, Read, CancellationToken.None, ("profiles", (Guid[])[profile]), ("campaigns", (Guid[])[campaign]));
        return found is [var only] ? Keep(campaign, only.Text with { Trace = await Trace(new StreamKey(profile, campaign)) }) : null;
    }

    private FrozenText Keep(Guid campaign, FrozenText text)
    {
        if (known.Count >= Most) known.Clear();
        return known[campaign] = text;
    }

    private static (Guid Campaign, FrozenText Text) Read(DbDataReader row) => (row.GetGuid(8), new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
        row.TextOrNull("identification_text"), Variants.FromJson(row.TextOrNull("variants")),
        row.TextOrNull("meta_template") is { } meta ? MetaTemplate.FromJson(meta) : null));

    private async Task<string?> Trace(StreamKey campaign)
    {
        if (!CampaignTraces.AreKept) return null;
        await foreach (var recorded in store.Read(campaign, CancellationToken.None))
            if (recorded.Data is CampaignLaunched) return recorded.Trace;
        return null;
    }
}
