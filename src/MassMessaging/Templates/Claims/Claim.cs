namespace MassMessaging.Templates.Claims;

/// <summary>Words that promise what nobody may promise.</summary>
/// <param name="Category"><c>cure</c>, <c>medical</c>, <c>result</c> or <c>income</c>.</param>
/// <param name="From">Where the words begin, in UTF-16 units.</param>
/// <param name="To">Where they end, exclusive.</param>
public sealed record Claim(string Category, int From, int To)
{
    /// <summary><c>income-claim</c>, or <c>health-claim</c> for all that is promised to the body.</summary>
    public string Code => Category == "income" ? "income-claim" : "health-claim";

    /// <summary>For a sentence: "reads as …".</summary>
    public string Meaning => Category switch
    {
        "cure" => "a promise to cure",
        "medical" => "a medical claim",
        "result" => "a guaranteed result",
        "income" => "an income claim",
        _ => "something that was ruled out",
    };
}
