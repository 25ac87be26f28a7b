namespace MassMessaging.Templates.Claims;

/// <summary>One word, number or sign of money.</summary>
/// <param name="Readings">How it may be read: as it stands, with digits for letters, with drawn-out letters shortened.</param>
/// <param name="StartsSentence">Between it and the word before ends a sentence.</param>
/// <param name="StartsClause">So, or a comma, bracket or dash.</param>
internal sealed record ClaimWord(IReadOnlyList<string> Readings, int From, int To, bool StartsSentence, bool StartsClause)
{
    public bool IsNumber => char.IsAsciiDigit(Readings[0][0]) && !Readings[0].Any(char.IsAsciiLetter);
}
