using System.Collections.Concurrent;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns.Sending;

/// <summary>What a launch froze for all recipients alike.</summary>
/// <param name="Identification">The line for who is written to for the first time; null: switched off.</param>
public sealed record FrozenText(
    string Content, string AdvisorName, string AdvisorPhone, string BusinessName, string TimeZone, string? Identification,
    IReadOnlyList<Variant>? Variants = null)
{
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
        select message_content, advisor_name, advisor_phone, business_name, time_zone, identification_text, variants
        from campaign_frozen where profile_id = @profile and campaign_id = @campaign
        """;

    private readonly ConcurrentDictionary<Guid, FrozenText> known = new();

    public async Task<FrozenText?> Of(Guid profile, Guid campaign)
    {
        if (known.TryGetValue(campaign, out var text)) return text;
        var found = await store.Query(
            Select,
            row => new FrozenText(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.TextOrNull("identification_text"), Variants.FromJson(row.TextOrNull("variants"))),
            CancellationToken.None, ("profile", profile), ("campaign", campaign));
        if (found is not [var only]) return null;
        if (known.Count >= Most) known.Clear();
        return known[campaign] = only;
    }
}
