namespace MassMessaging.Campaigns.Sending;

/// <summary>What keeps a member waiting while the lane goes on with others.</summary>
/// <param name="By"><c>quiet-hours</c>, <c>frequency-cap</c>, <c>similar-text</c> or <c>pair-limit</c>.</param>
/// <param name="Until">From then on it does not; null: until something else changes.</param>
public sealed record MemberHold(string By, DateTimeOffset? Until)
{
    public const string QuietHours = "quiet-hours";
    public const string FrequencyCap = "frequency-cap";
    public const string SimilarText = "similar-text";

    /// <summary>Meta's: so many messages to one person (<see cref="MetaRules"/>).</summary>
    public const string PairLimit = "pair-limit";

    /// <summary>Of several rules the one that holds longest is told: before it ends, no other matters.</summary>
    public static MemberHold? Longest(params ReadOnlySpan<MemberHold?> holds)
    {
        MemberHold? longest = null;
        foreach (var hold in holds)
            if (hold is not null && (longest is null || (longest.Until is { } until && (hold.Until is null || hold.Until > until))))
                longest = hold;
        return longest;
    }
}
