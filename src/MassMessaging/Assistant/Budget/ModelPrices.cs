using System.Text.Json;
using MassMessaging.Assistant.Model;

namespace MassMessaging.Assistant.Budget;

/// <summary>US dollars per million tokens of a model.</summary>
public sealed record ModelPrice(decimal Prompt, decimal Completion)
{
    private const decimal Million = 1_000_000;

    public decimal Of(int promptTokens, int completionTokens) => ((promptTokens * Prompt) + (completionTokens * Completion)) / Million;

    public decimal Of(TokenUsage usage) => Of(usage.PromptTokens, usage.CompletionTokens);
}

/// <summary>
/// Prices as data: those of the settings, else the table's entry whose name the model's begins with, the longest first. A model that
/// nobody has priced costs nothing: its day is limited by tokens alone.
/// </summary>
public static class ModelPrices
{
    private static readonly Dictionary<string, ModelPrice> Known = Read();

    public static ModelPrice Of(AssistantOptions options) =>
        options.PromptPrice is null && options.CompletionPrice is null
            ? Of(options.Model) ?? new ModelPrice(0, 0)
            : new ModelPrice(options.PromptPrice ?? 0, options.CompletionPrice ?? 0);

    /// <summary>Null: not in the table.</summary>
    public static ModelPrice? Of(string model) => Known
        .Where(entry => model == entry.Key || model.StartsWith($"{entry.Key}-", StringComparison.Ordinal))
        .OrderByDescending(entry => entry.Key.Length)
        .Select(entry => entry.Value)
        .FirstOrDefault();

    private static Dictionary<string, ModelPrice> Read()
    {
        using var table = typeof(ModelPrices).Assembly.GetManifestResourceStream("Assistant.prices.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, ModelPrice>>(table, JsonSerializerOptions.Web)!;
    }
}
