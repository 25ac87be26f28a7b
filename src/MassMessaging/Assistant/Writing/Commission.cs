using MassMessaging.Assistant.Checks;
using MassMessaging.Assistant.Prompts;
using MassMessaging.Http;
using MassMessaging.Profiles;
using MassMessaging.Templates;
using MassMessaging.Templates.Claims;

namespace MassMessaging.Assistant.Writing;

/// <summary>What an advisor asks the assistant for, once.</summary>
/// <param name="Kind"><c>generate</c>, <c>improve</c>, <c>personalize</c> or <c>suggest</c>.</param>
/// <param name="Given">Whatever the advisor wrote: a link or a phone in it may stand in the answer.</param>
/// <param name="ClientId">Of the client that it is about: its texts go when the client is erased.</param>
/// <param name="IsFresh">Not from the cache.</param>
public sealed record Commission(
    Caller Caller, ProfileRow Profile, string Kind, PromptInputs Inputs, string Given, Guid? ClientId = null, string? Objective = null,
    string? Tone = null, string? Label = null, bool IsFresh = false)
{
    private static readonly HashSet<string> Known = [.. Variable.All.Select(variable => variable.Token)];

    public Guid RequestId { get; } = Guid.CreateVersion7();

    public DraftShape Shape => Kind == "suggest" ? DraftShape.Templates : DraftShape.Messages;

    public string PromptVersion => PromptFiles.NameOf(Inputs.Prompt);

    /// <summary>Midnight in it begins the day of the budget; an unknown one is UTC.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(Profile.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>A message of so many characters has at most half as many tokens; models that think first need room for it.</summary>
    public int MostTokens => Math.Max(1000, Inputs.Count * ((Inputs.MaxLength / 2) + 80));

    public DraftRules Rules => new(
        Known, Inputs.Required.ToHashSet(), Inputs.MaxLength, Inputs.Language, Given, ClaimsPolicy.Default, Profile.Assistant.BannedTerms)
    {
        Confidential = PromptFiles.All,
    };
}
