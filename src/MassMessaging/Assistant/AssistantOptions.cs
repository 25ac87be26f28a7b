using System.Globalization;

namespace MassMessaging.Assistant;

/// <summary>How the model is reached, and what it may cost. Checked at the start with all other settings.</summary>
/// <param name="ApiKey">Null: there is no assistant, and whoever asks it is told so.</param>
/// <param name="BaseUrl">Of any server that speaks OpenAI's chat completions, up to and with the version: <c>https://host/v1</c>.</param>
/// <param name="Timeout">Of a whole answer, its corrections included.</param>
/// <param name="DailyTokens">Of a profile, on a day of its time zone; prompt and completion together.</param>
/// <param name="DailyCost">The same in US dollars, by <see cref="Budget.ModelPrices"/>.</param>
public sealed record AssistantOptions(
    string? ApiKey, Uri BaseUrl, string Model, TimeSpan Timeout, long DailyTokens, decimal DailyCost, decimal? PromptPrice,
    decimal? CompletionPrice)
{
    public const string DefaultModel = "gpt-4o";
    public const string DefaultUrl = "https://api.openai.com/v1";
    public const int DefaultTimeoutSeconds = 30;
    public const int DefaultDailyTokens = 200_000;
    public const string DollarsPattern = @"\A[0-9]{1,7}(\.[0-9]{1,6})?\z";
    public const string DollarsExpected = "US dollars as 2.50";
    public const string ModelPattern = @"\A[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}\z";

    private const decimal DefaultDailyCost = 2;

    public bool IsConfigured => ApiKey is not null;

    public static AssistantOptions From(IConfiguration configuration)
    {
        string? Text(string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;
        int? Whole(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        decimal? Dollars(string name) => Text(name) is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;
        return new(
            Text("OPENAI_API_KEY"), new Uri((Text("OPENAI_BASE_URL") ?? DefaultUrl).TrimEnd('/')), Text("OPENAI_MODEL") ?? DefaultModel,
            TimeSpan.FromSeconds(Whole("OPENAI_TIMEOUT_SECONDS") ?? DefaultTimeoutSeconds),
            Whole("ASSISTANT_DAILY_TOKENS") ?? DefaultDailyTokens, Dollars("ASSISTANT_DAILY_COST") ?? DefaultDailyCost,
            Dollars("OPENAI_PROMPT_PRICE"), Dollars("OPENAI_COMPLETION_PRICE"));
    }
}
