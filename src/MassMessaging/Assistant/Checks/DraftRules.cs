using MassMessaging.Templates.Claims;

namespace MassMessaging.Assistant.Checks;

/// <summary>What a draft of the model must keep to.</summary>
/// <param name="KnownVariables">With braces: no others may stand in it.</param>
/// <param name="RequiredVariables">With braces: each must stand in it.</param>
/// <param name="MaxLength">In UTF-16 units, as the API counts.</param>
/// <param name="Language"><c>es</c>, <c>pt</c> or <c>en</c>, with or without a region.</param>
/// <param name="Given">All text that the advisor gave: links and phone numbers in it are allowed. Never a client's notes.</param>
/// <param name="BannedTerms">The profile's own, in any case and spelling; <c>cut*</c> bans every word that begins so.</param>
public sealed record DraftRules(
    IReadOnlySet<string> KnownVariables,
    IReadOnlySet<string> RequiredVariables,
    int MaxLength,
    string Language,
    string? Given,
    ClaimsPolicy Claims,
    IReadOnlyList<string> BannedTerms)
{
    /// <summary>Texts that nobody may see, such as the prompt itself: eight words of one in a row are too many.</summary>
    public IReadOnlyList<string> Confidential { get; init; } = [];
}

/// <param name="Code">Stable.</param>
/// <param name="Reason">One sentence, for the advisor and for the model's next try.</param>
public sealed record DraftProblem(string Code, string Reason);
