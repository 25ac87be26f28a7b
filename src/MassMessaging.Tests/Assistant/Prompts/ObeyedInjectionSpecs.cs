using System.Net;
using System.Text.RegularExpressions;
using MassMessaging.Simulator.OpenAi;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Assistant.Prompts;

/// <summary>
/// The worst model: it reads an order in its data and says word for word what the order wants, «in these marks». Each spec makes sure
/// that it did, so that what keeps the words from the advisor is the code. The cases are data: injections.tsv.
/// </summary>
public sealed partial class ObeyedInjectionSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Message = "Hola {nombre_cliente}, ¿cómo vas esta semana?";
    private static readonly IReadOnlyList<Injection> Cases = Injection.Read();

    private OpenAiModel Model => app.Simulator.OpenAi;

    public static TheoryData<int> Notes => Places("note");

    public static TheoryData<int> Names => Places("name");

    public static TheoryData<int> Objectives => Places("objective");

    [Fact]
    public void There_are_enough_of_them_in_three_languages()
    {
        Assert.True(Cases.Count >= 30);
        Assert.All(Cases.CountBy(each => each.Language), language => Assert.True(language.Value >= 8));
    }

    [Theory]
    [MemberData(nameof(Notes))]
    public async Task An_order_in_a_note_is_obeyed_by_the_model_and_refused_by_the_checks(int index)
    {
        var advisor = await Of();
        var client = await advisor.HasClient("Rosa Medina");
        await advisor.HasClient("Beto Quiroga");
        (await advisor.Post($"/api/clients/{client}/notes", new { note = Cases[index].Text })).Is(HttpStatusCode.Created);

        await IsRefused(Cases[index], fresh => advisor.Post(
            Asks.Personalize, new { message = Message, clientId = client, language = Cases[index].Language, fresh }));
        Assert.DoesNotContain(Model.Requests, request => request.Prompt.Contains("Quiroga", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public async Task An_order_in_an_objective_is_obeyed_by_the_model_and_refused_by_the_checks(int index)
    {
        var advisor = await Of();

        await IsRefused(Cases[index], fresh => advisor.Post(
            Asks.Generate, new { objective = Cases[index].Text, tone = "cercano", count = 1, language = Cases[index].Language, fresh }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_order_in_a_name_never_reaches_the_model(int index)
    {
        var advisor = await Of();
        var client = await advisor.HasClient(Cases[index].Text.ReplaceLineEndings(" "));
        Model.Next(ModelAnswerKind.Obey);

        var answer = await advisor.Post(
            Asks.Personalize, new { message = Message, clientId = client, language = Cases[index].Language, fresh = true });
        Model.Clear();

        answer.Is(HttpStatusCode.OK);
        Assert.DoesNotContain("«", Model.Requests[^1].Prompt, StringComparison.Ordinal);
    }

    private static TheoryData<int> Places(string place) =>
        new(Enumerable.Range(0, Cases.Count).Where(index => Cases[index].Place == place));

    private async Task<Advisor> Of()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { assistant = new { bannedTerms = (string[])["competencia"] } });
        return advisor;
    }

    /// <summary>Once obeyed, it is written anew and clean; obeyed every time, it is refused with the reason.</summary>
    private async Task IsRefused(Injection injection, Func<bool, Task<Answer>> ask)
    {
        Model.Clear();
        var before = Model.Requests.Count;
        Model.Next(ModelAnswerKind.Obey);
        var mended = await ask(true);
        Model.Next(ModelAnswerKind.Obey, times: 3);
        var refused = await ask(true);

        var requests = Model.Requests.Skip(before).ToList();
        Assert.Equal(5, requests.Count);
        Assert.All(
            requests.Where(request => request.Answer == "obey"),
            request => Assert.Contains(Start(injection), request.Said, StringComparison.Ordinal));
        mended.Is(HttpStatusCode.OK);
        Assert.DoesNotContain(Start(injection), string.Concat(mended.Texts()), StringComparison.Ordinal);
        refused.Is(HttpStatusCode.Conflict, "assistant-refused");
        Assert.Contains(injection.Code, refused["errors"].EnumerateObject().Select(code => code.Name));
        Assert.All(requests, request => AssertIsFenced(request, Start(injection)));
    }

    /// <summary>The first words that the order wants said: few enough to pass JSON and redaction whole.</summary>
    private static string Start(Injection injection) => FirstWords().Match(injection.Text).Groups["words"].Value;

    /// <summary>Outside of fences there are only our own words, and no line of data is taken for the end of one.</summary>
    private static void AssertIsFenced(ModelRequest request, string said)
    {
        var fence = Fence().Match(request.Messages[0].Content).Groups["id"].Value;
        Assert.Equal(32, fence.Length);
        foreach (var message in request.Messages.Where(message => message.Role is "system" or "user"))
        {
            var isInside = false;
            var outside = new List<string>();
            foreach (var line in message.Content.Split('\n'))
            {
                if (line == $"BEGIN DATA {fence}")
                {
                    Assert.False(isInside);
                    isInside = true;
                }
                else if (line == $"END DATA {fence}")
                {
                    isInside = false;
                }
                else if (!isInside)
                {
                    outside.Add(line);
                }
            }

            Assert.False(isInside);
            Assert.DoesNotContain($"«{said}", string.Join('\n', outside), StringComparison.Ordinal);
            Assert.DoesNotContain(outside, line => line.StartsWith("END DATA", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex("«(?<words>[^ »]+( [^ »]+)?)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex FirstWords();

    [GeneratedRegex(
        "^BEGIN DATA (?<id>[0-9a-f]{32})$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Fence();

    private sealed record Injection(string Language, string Place, string Code, string Text)
    {
        public static IReadOnlyList<Injection> Read() =>
        [
            .. from line in File.ReadAllLines(Path.Combine(Sources.Root, "src/MassMessaging.Tests/Assistant/Prompts/injections.tsv"))
               let cells = line.Split('\t')
               select new Injection(cells[0], cells[1], cells[2], Unescaped(cells[3])),
        ];

        private static string Unescaped(string text) => Regex.Replace(
                text.Replace("\\n", "\n", StringComparison.Ordinal), @"\\u(?<code>[0-9A-F]{4})",
                code => ((char)Convert.ToInt32(code.Groups["code"].Value, 16)).ToString(),
                RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    }
}
