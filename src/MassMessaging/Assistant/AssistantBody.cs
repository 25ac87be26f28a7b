using System.Text.RegularExpressions;
using MassMessaging.Assistant.Prompts;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Profiles;
using MassMessaging.Templates;

namespace MassMessaging.Assistant;

/// <summary>What the bodies of the assistant's routes have in common.</summary>
internal static partial class AssistantBody
{
    public const int DefaultLength = 1000;
    public const int LongestLine = 255;
    public const int LongestInstruction = 1000;

    private const string Profile = $"select {ProfileRow.Columns} from profile where id = @id";

    public static async Task<ProfileRow> ProfileOf(IStore store, Caller caller, CancellationToken ct) =>
        (await store.Query(Profile, ProfileRow.Read, ct, ("id", caller.ProfileId))).Single();

    /// <summary>The body's, else the profile's.</summary>
    public static string Language(Fields body, ProfileRow profile)
    {
        if (body.Text("language", 16) is not { Length: > 0 } language) return profile.Language;
        if (!Tag().IsMatch(language)) body.Wrong("language", "must be a language tag, as es or pt-BR");
        return language;
    }

    public static Voice Voice(ProfileRow profile) => new(
        profile.DisplayName, profile.BusinessName, profile.Assistant.Persona, profile.Assistant.Tone, profile.Assistant.Specialties,
        profile.Assistant.BannedTerms);

    /// <summary>All that the advisor wrote: what stands in it may be repeated.</summary>
    public static string Given(ProfileRow profile, params IEnumerable<string?> own) => string.Join(
        '\n', own.Append(profile.Assistant.Persona).Concat(profile.Assistant.Specialties).Where(text => !string.IsNullOrEmpty(text)));

    /// <summary>A message that the assistant works on: known variables only.</summary>
    public static string Message(Fields body) => TemplateBody.ReadContent(body, "message", required: true) ?? "";

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z]{2})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
