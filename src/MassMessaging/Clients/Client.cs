using System.Data.Common;
using MassMessaging.Kernel;

namespace MassMessaging.Clients;

public enum ClientLabel
{
    Consumidor,
    Prospecto,
    Afiliado,
}

/// <summary>A client as the API shows it.</summary>
/// <param name="Phone">E.164, see <see cref="PhoneNumber"/>; unique in its profile.</param>
/// <param name="LastContactAt">When the last message was sent; follows the log, so it may lag by a moment.</param>
public sealed record Client(
    Guid Id, Guid ProfileId, Guid? HealthSurveyId, string Name, string Phone, string? Email, ClientLabel Label,
    DateTimeOffset? LastContactAt, DateTimeOffset? OptedOutAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const int LongestName = 255;
    public const int LongestEmail = 254;

    // One look for each row of the page: joined, everyone's contacts were read and hashed where a filter leaves few clients.
    /// <summary>Selects what <see cref="Read"/> maps; scope it by <c>client.profile_id = @profile</c>.</summary>
    public const string Select = """
        select client.id, client.profile_id, client.health_survey_id, client.name, client.phone, client.email, client.label,
               contact.last_contact_at, client.opted_out_at, client.created_at, client.updated_at
        from client
        left join lateral (
            select last_contact_at from client_contact
            where client_contact.profile_id = client.profile_id and client_contact.id = client.id limit 1) contact on true

        """;

    private const string ById = Select + "where client.profile_id = @profile and client.id = @id";

    private const string Country = "select country from profile where id = @profile";

    public static Client Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetString(3), row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5), Enum.Parse<ClientLabel>(row.GetString(6), ignoreCase: true),
        Time(row, 7), Time(row, 8), row.GetFieldValue<DateTimeOffset>(9), row.GetFieldValue<DateTimeOffset>(10));

    public static async Task<Client?> Find(IStore store, Guid profile, Guid id, CancellationToken ct) =>
        (await store.Query(ById, Read, ct, ("profile", profile), ("id", id))).SingleOrDefault();

    /// <summary>As the session's own writes left it.</summary>
    public static async Task<Client?> Find(ISession session, Guid profile, Guid id, CancellationToken ct) =>
        (await session.Query(ById, Read, ct, ("profile", profile), ("id", id))).SingleOrDefault();

    /// <summary>The country that the profile's bare numbers are national in; empty if it has none.</summary>
    public static async Task<string> CountryOf(IStore store, Guid profile, CancellationToken ct) =>
        (await store.Query(Country, row => row.IsDBNull(0) ? "" : row.GetString(0), ct, ("profile", profile))).SingleOrDefault() ?? "";

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
