using System.Text.RegularExpressions;
using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Templates;

namespace MassMessaging.Profiles;

/// <summary>What a profile's fields may be. A field that is left out keeps its value; null clears one that may be empty.</summary>
internal static partial class ProfileRules
{
    private const int MaxName = 100;
    private const int MaxLine = 255;
    private const int MaxPersona = 2000;
    private const int MaxTerms = 100;

    public static ProfileRow Apply(Fields body, ProfileRow row)
    {
        var country = Matching(body, "country", row.Country, Countries.Contains, "must be an ISO 3166 country code of two capitals, as MX");
        return row with
        {
            DisplayName = Filled(body, "displayName", MaxName, row.DisplayName),
            BusinessName = Optional(body, "businessName", MaxName, row.BusinessName),
            Slug = Matching(body, "slug", row.Slug, Slug().IsMatch, "must be 3 to 63 of a-z, 0-9 and inner hyphens"),
            Country = country,
            Phone = Phone(body, country, row.Phone),
            TimeZone = Matching(body, "timeZone", row.TimeZone, IsIana, "must be an IANA time zone, as America/Mexico_City"),
            Language = Matching(body, "language", row.Language, Language().IsMatch, "must be a language tag, as es or pt-BR"),
            Identification = Apply(body.Object("identification"), row.Identification),
            Assistant = Apply(body.Object("assistant"), row.Assistant),
        };
    }

    private static Identification Apply(Fields? body, Identification before) => body is null
        ? before
        : new Identification(body.Flag("enabled") ?? before.Enabled, KnownVariables(body, Filled(body, "text", MaxLine, before.Text)));

    private static string KnownVariables(Fields body, string text)
    {
        if (MessageText.Unknown(text) is { Count: > 0 } unknown)
            body.Wrong("text", $"has unknown variables: {string.Join(", ", unknown)}", "template-variable-unknown");
        return text;
    }

    private static AssistantVoice Apply(Fields? body, AssistantVoice before) => body is null
        ? before
        : new AssistantVoice(
            Optional(body, "persona", MaxPersona, before.Persona),
            Optional(body, "tone", MaxLine, before.Tone),
            body.Has("specialties") ? body.Texts("specialties", MaxTerms, MaxLine) ?? [] : before.Specialties,
            body.Has("bannedTerms") ? body.Texts("bannedTerms", MaxTerms, MaxLine) ?? [] : before.BannedTerms);

    private static string Filled(Fields body, string name, int max, string before) =>
        body.Has(name) ? body.Text(name, max, required: true)?.Trim() ?? before : before;

    private static string? Optional(Fields body, string name, int max, string? before)
    {
        if (!body.Has(name)) return before;
        return body.Text(name, max)?.Trim() is { Length: > 0 } text ? text : null;
    }

    private static string Matching(Fields body, string name, string before, Func<string, bool> isValid, string expected)
    {
        if (!body.Has(name) || body.Text(name, MaxLine, required: true) is not { } text) return before;
        if (!isValid(text)) body.Wrong(name, expected);
        return text;
    }

    private static string? Phone(Fields body, string country, string? before)
    {
        if (Optional(body, "phone", MaxLine, before) is not { } text) return null;
        if (text == before) return before;
        if (!PhoneNumber.TryParse(text, country, out var phone)) body.Wrong("phone", "must be a phone number", "phone-invalid");
        return phone;
    }

    private static bool IsIana(string name) =>
        ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId && zone.Id == name;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Slug();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z]{2})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Language();

    /// <summary>Zones are files: nothing that is not a zone's name may reach the file system.</summary>
    [GeneratedRegex("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ZoneName();
}
