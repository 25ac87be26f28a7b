using System.Data.Common;

namespace MassMessaging.Profiles;

/// <param name="Country">ISO 3166-1 alpha-2; national phone numbers are read in it.</param>
/// <param name="TimeZone">IANA name; dates and times in messages are told in it.</param>
/// <param name="Slug">The profile's public address.</param>
public sealed record ProfileRow(
    Guid Id, Guid UserId, string DisplayName, string? BusinessName, string Slug, string? Phone, string Country, string TimeZone,
    string Language, Identification Identification, AssistantVoice Assistant, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal const string Columns = """
        id, user_id, display_name, business_name, slug, phone, country, time_zone, language, identification_enabled, identification_text,
        assistant_persona, assistant_tone, assistant_specialties, assistant_banned_terms, created_at, updated_at
        """;

    internal static ProfileRow Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), Text(row, 3), row.GetString(4), Text(row, 5), row.GetString(6), row.GetString(7),
        row.GetString(8), new Identification(row.GetBoolean(9), row.GetString(10)),
        new AssistantVoice(Text(row, 11), Text(row, 12), row.GetFieldValue<string[]>(13), row.GetFieldValue<string[]>(14)),
        row.GetFieldValue<DateTimeOffset>(15), row.GetFieldValue<DateTimeOffset>(16));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>The line that tells a client who writes, under the first message ever sent to them.</summary>
public sealed record Identification(bool Enabled, string Text);

/// <summary>How the assistant should sound for this advisor.</summary>
public sealed record AssistantVoice(string? Persona, string? Tone, IReadOnlyList<string> Specialties, IReadOnlyList<string> BannedTerms);
