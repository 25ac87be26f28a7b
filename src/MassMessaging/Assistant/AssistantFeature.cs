using MassMessaging.Assistant.Budget;
using MassMessaging.Assistant.Memory;
using MassMessaging.Assistant.Model;
using MassMessaging.Assistant.Prompts;
using MassMessaging.Assistant.Writing;
using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Templates;

namespace MassMessaging.Assistant;

public static class AssistantFeature
{
    public static Feature Feature { get; } = new("assistant", Services, Routes: Routes);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(AssistantOptions.From(builder.Configuration));
        builder.Services.AddSingleton<IChatModel, OpenAiChat>();
        builder.Services.AddSingleton<DailyBudget>();
        builder.Services.AddSingleton<AssistantLog>();
        builder.Services.AddSingleton<AnswerCache>();
        builder.Services.AddSingleton<KeptDrafts>();
        builder.Services.AddSingleton<OwnTexts>();
        builder.Services.AddSingleton<ClientFactsReader>();
        builder.Services.AddSingleton<Writer>();
        builder.Services.AddSingleton<Answering>();
        builder.Services.AddSingleton<SweepAssistant>();
        builder.Services.AddSingleton<IProposedTexts, ChosenDrafts>();
        builder.Services.AddSingleton<IErasureSubscriber, EraseFromAssistant>();
        if (builder.Configuration.GetValue("ROLE", Role.All) == Role.Api) return;

        builder.Services.AddHostedService<AssistantSweeper>();
    }

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var assistant = routes.MapGroup("/ai").WithTags("Assistant").ScopedByMethod();
        GenerateMessagesEndpoint.Map(assistant);
        ImproveMessageEndpoint.Map(assistant);
        PersonalizeMessageEndpoint.Map(assistant);
        SuggestTemplatesEndpoint.Map(assistant);
        ReadUsage.Map(assistant);
        ReadLog.Map(assistant);
        ReadFigures.Map(routes);
    }
}
