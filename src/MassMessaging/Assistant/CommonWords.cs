using MassMessaging.Templates;

namespace MassMessaging.Assistant;

/// <summary>
/// Objectives and tones are free words, and may name people: monitoring is told which common one they are about, by how a word of theirs
/// begins in Spanish, Portuguese or English, else <c>other</c>. What was written stands in the assistant's log and its figures.
/// </summary>
internal static class CommonWords
{
    private static readonly (string Word, string[] Beginnings)[] Objectives =
    [
        ("birthday", ["cumple", "anivers", "birthday"]),
        ("thanks", ["agrade", "gracias", "obrigad", "thank"]),
        ("reminder", ["record", "lembr", "remind"]),
        ("invitation", ["invit", "convi", "evento", "event"]),
        ("reactivation", ["reactiv", "reativ", "recuper", "volver", "regres", "win"]),
        ("follow-up", ["segui", "acompanh", "follow"]),
        ("launch", ["lanzam", "lancam", "novedad", "novidad", "launch", "nuevo", "nueva", "novo", "nova", "new"]),
        ("promotion", ["promo", "ofert", "descuent", "descont", "offer", "discount", "vender", "venta", "venda", "sale"]),
        ("greeting", ["saludo", "saludar", "bienven", "boas", "greet", "welcome"]),
    ];

    private static readonly (string Word, string[] Beginnings)[] Tones =
    [
        ("formal", ["formal"]),
        ("professional", ["profes", "profis"]),
        ("friendly", ["amig", "amist", "amable", "friend", "simpat"]),
        ("warm", ["cercan", "calid", "carin", "proxim", "warm", "acolhed"]),
        ("enthusiastic", ["entusi", "enthus", "alegre", "energ", "anima"]),
        ("urgent", ["urgen"]),
        ("funny", ["divert", "gracios", "engrac", "humor", "funny"]),
        ("informal", ["informal", "casual", "relaj", "coloqui"]),
    ];

    public static string Objective(string? text) => Of(text, Objectives);

    public static string Tone(string? text) => Of(text, Tones);

    private static string Of(string? text, (string Word, string[] Beginnings)[] known)
    {
        if (string.IsNullOrWhiteSpace(text)) return "none";

        var words = FoldedText.Of(text).Text.Split([' ', ',', '.', ';', '-', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return known.FirstOrDefault(one => words.Any(word => one.Beginnings.Any(begin => word.StartsWith(begin, StringComparison.Ordinal)))).Word ?? "other";
    }
}
