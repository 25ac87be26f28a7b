using System.Diagnostics;
using System.Globalization;
using MassMessaging.Templates.Claims;

namespace MassMessaging.Benchmarks.Claims;

/// <summary>Precision and recall of the claims policy, per half, language and category, and what it costs.</summary>
public static class ClaimsBenchmark
{
    /// <param name="args"><c>--half development|held-out</c> · <c>--wrong</c> lists what was judged wrongly.</param>
    public static void Run(string[] args)
    {
        var half = args.SkipWhile(arg => arg != "--half").Skip(1).FirstOrDefault();
        if (half is null or "development") Half("development", ClaimSet.Development, args.Contains("--wrong"));
        if (half is null or "held-out") Half("held-out", ClaimSet.HeldOut, args.Contains("--wrong"));
        Cost();
    }

    private static void Half(string name, IReadOnlyList<ClaimSentence> sentences, bool listsWrong)
    {
        var claims = sentences.Count(sentence => sentence.Category is not null);
        Say($"\n{name}: {claims} claims, {sentences.Count - claims} innocent look-alikes\n");
        Say("| of | claims | innocent | precision | recall | right category |\n|---|---|---|---|---|---|");
        Row("all", sentences);
        foreach (var group in sentences.GroupBy(sentence => sentence.Language)) Row(group.Key, [.. group]);
        foreach (var group in sentences.Where(sentence => sentence.Category is not null).GroupBy(sentence => sentence.Category!))
            Row(group.Key, [.. group]);
        if (!listsWrong) return;

        var score = ClaimScore.Of(ClaimsPolicy.Default, sentences);
        foreach (var each in score.Missed) Say($"missed  {each.Language} {each.Category}: {each.Text}");
        foreach (var each in score.Blamed)
        {
            var found = ClaimsPolicy.Default.In(each.Text).Select(claim => each.Text[claim.From..claim.To]);
            Say($"blamed  {each.Language}: {each.Text} ← {string.Join(" · ", found)}");
        }
    }

    private static void Row(string name, IReadOnlyList<ClaimSentence> sentences)
    {
        var score = ClaimScore.Of(ClaimsPolicy.Default, sentences);
        var claims = score.Found.Count + score.Missed.Count;
        Say($"| {name} | {claims} | {sentences.Count - claims} | {score.Precision:0.000} | {score.Recall:0.000} | {score.RightCategory} |");
    }

    /// <summary>Texts of 4,096 characters, the longest that a message may have.</summary>
    private static void Cost()
    {
        var text = string.Join(' ', ClaimSet.Development.Select(sentence => sentence.Text))[..4096];
        for (var warm = 0; warm < 20; warm++) ClaimsPolicy.Default.In(text);
        var began = Stopwatch.GetTimestamp();
        const int Times = 100;
        for (var index = 0; index < Times; index++) ClaimsPolicy.Default.In(text);
        Say($"\na text of 4,096 characters: {Stopwatch.GetElapsedTime(began).TotalMilliseconds / Times:0.00} ms");
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Say(string text) => Console.WriteLine(text);
}
