using System.Collections.Frozen;
using System.Globalization;

namespace MassMessaging.Templates;

/// <summary>What an advisor may write into a message.</summary>
/// <param name="Token">With braces, as it stands in the text.</param>
/// <param name="Scope">Whose value it is: <c>client</c>, <c>advisor</c> or <c>system</c>.</param>
public sealed record Variable(string Token, string Scope, string Description)
{
    public static IReadOnlyList<Variable> All { get; } =
    [
        new("{nombre_cliente}", "client", "The client's name"),
        new("{nombre_asesor}", "advisor", "The advisor's name"),
        new("{telefono}", "client", "The client's phone, E.164"),
        new("{fecha_actual}", "system", "Date of sending, DD/MM/YYYY"),
        new("{hora_actual}", "system", "Time of sending, HH:mm"),
        new("{telefono_asesor}", "advisor", "The advisor's phone, E.164"),
        new("{nombre_negocio}", "advisor", "The name of the advisor's business"),
    ];

    private static readonly FrozenSet<string> Known = All.Select(variable => variable.Token).ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string token) => Known.Contains(token);

    /// <summary>Null for a token that is no variable.</summary>
    public static string? ValueOf(string token, MessageValues values) => token switch
    {
        "{nombre_cliente}" => values.ClientName,
        "{nombre_asesor}" => values.AdvisorName,
        "{telefono}" => values.ClientPhone,
        "{fecha_actual}" => Local(values).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
        "{hora_actual}" => Local(values).ToString("HH:mm", CultureInfo.InvariantCulture),
        "{telefono_asesor}" => values.AdvisorPhone,
        "{nombre_negocio}" => values.BusinessName,
        _ => null,
    };

    private static DateTimeOffset Local(MessageValues values) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(values.TimeZone, out var zone)
            ? TimeZoneInfo.ConvertTime(values.At, zone)
            : values.At.ToUniversalTime();
}
