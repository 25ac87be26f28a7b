using MassMessaging.Assistant.Memory;
using MassMessaging.Assistant.Writing;
using MassMessaging.Templates;

namespace MassMessaging.Assistant;

/// <summary>One message to choose. Nothing is stored in campaigns or templates by itself.</summary>
/// <param name="Id">Named as <c>variationId</c> by a campaign or template made of it, it is told how the message fared.</param>
/// <param name="Variables">With braces, without repeats.</param>
public sealed record Variation(Guid Id, string Text, IReadOnlyList<string> Variables, IReadOnlyList<TextWarning> Warnings)
{
    public static Variation Of(KeptDraft draft) =>
        new(draft.Id, draft.Draft.Text, MessageText.Variables(draft.Draft.Text), MessageText.Warnings(draft.Draft.Text));
}

/// <param name="Cost">US dollars; 0 for a model without a price.</param>
public sealed record AnswerUsage(int PromptTokens, int CompletionTokens, decimal Cost)
{
    public static AnswerUsage Of(Written written) => new(written.Usage.PromptTokens, written.Usage.CompletionTokens, written.Cost);
}

/// <param name="Variations">Up to as many as were asked for: fewer where the others did not pass the checks.</param>
/// <param name="PromptVersion">Of the words that the model was told, as <c>generate-1</c>.</param>
/// <param name="Cached">An answer to the same question within 24 hours; it cost nothing.</param>
/// <param name="Fallback">The model was too slow: these are your own templates for that objective.</param>
public sealed record AssistantAnswer(
    IReadOnlyList<Variation> Variations, string Model, string PromptVersion, AnswerUsage Usage, bool Cached, bool Fallback)
{
    public static AssistantAnswer Of(Commission commission, Written written) => new(
        [.. written.Drafts.Select(Variation.Of)], written.Model, commission.PromptVersion, AnswerUsage.Of(written), written.IsCached,
        written.IsFallback);
}
