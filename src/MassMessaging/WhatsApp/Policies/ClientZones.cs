using System.Collections.Frozen;

namespace MassMessaging.WhatsApp.Policies;

/// <summary>
/// The time zone that a client most likely lives in, from the country of the phone. Pure. A country with one zone (or several that show
/// the same time) has that one. In a country with several, the profile's own zone if it is one of them, for an advisor's clients mostly
/// live around the advisor; else the one where most people live. An unknown country has the profile's zone.
/// </summary>
public static class ClientZones
{
    // IANA, tzdata 2025b. The most populous zone first; zones that show the same time as it all year need not be named.
    private const string Table = """
        AR America/Argentina/Buenos_Aires
        BO America/La_Paz
        BR America/Sao_Paulo America/Manaus America/Cuiaba America/Campo_Grande America/Porto_Velho America/Boa_Vista America/Rio_Branco America/Noronha
        BZ America/Belize
        CA America/Toronto America/Vancouver America/Edmonton America/Winnipeg America/Regina America/Halifax America/Moncton America/St_Johns America/Whitehorse
        CL America/Santiago America/Punta_Arenas Pacific/Easter
        CO America/Bogota
        CR America/Costa_Rica
        CU America/Havana
        DE Europe/Berlin
        DO America/Santo_Domingo
        EC America/Guayaquil Pacific/Galapagos
        ES Europe/Madrid Atlantic/Canary
        FR Europe/Paris
        GB Europe/London
        GT America/Guatemala
        GY America/Guyana
        HN America/Tegucigalpa
        HT America/Port-au-Prince
        IT Europe/Rome
        JM America/Jamaica
        MX America/Mexico_City America/Tijuana America/Hermosillo America/Mazatlan America/Ciudad_Juarez America/Chihuahua America/Cancun America/Ojinaga America/Matamoros
        NI America/Managua
        PA America/Panama
        PE America/Lima
        PR America/Puerto_Rico
        PT Europe/Lisbon Atlantic/Azores
        PY America/Asuncion
        SR America/Paramaribo
        SV America/El_Salvador
        TT America/Port_of_Spain
        US America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage Pacific/Honolulu America/Detroit America/Boise America/Indiana/Indianapolis
        UY America/Montevideo
        VE America/Caracas
        """;

    private static readonly FrozenDictionary<string, string[]> Zones = Table.Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' ')).ToFrozenDictionary(line => line[0], line => line[1..], StringComparer.Ordinal);

    /// <param name="country">ISO 3166 alpha-2, of the client's phone; null when it is not known.</param>
    /// <param name="profileZone">IANA name; one that this machine does not know is UTC.</param>
    public static TimeZoneInfo Of(string? country, string profileZone)
    {
        if (country is null || !Zones.TryGetValue(country, out var zones) || zones.Contains(profileZone)) return Find(profileZone);
        return Find(zones[0]);
    }

    public static IEnumerable<string> All => Zones.Values.SelectMany(zones => zones);

    /// <summary>UTC for a name that this machine does not know.</summary>
    public static TimeZoneInfo Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
