using SiteDesk.Assistant.Actions;
using SiteDesk.Assistant.Answers;
using SiteDesk.Assistant.Desk;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.LanguageModel;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant;

/// <summary>Answers with its source, asks when it is not sure, and hands over with the whole story.</summary>
public static class AssistantModule
{
    public static IServiceCollection AddAssistant(this IServiceCollection services)
    {
        services.AddSingleton<TrainModel>(TrainedModel.Train);
        services.AddSingleton<LiveKnowledge>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveKnowledge>());
        services.AddAssistantDesk();
        services.AddAssistantPages();
        services.AddTalk();
        services.AddActions();
        services.AddLanguageModel();
        return services;
    }

    public static void MapAssistant(this IEndpointRouteBuilder routes)
    {
        routes.MapAssistantPages();
        routes.MapLanguageModel();
        routes.MapAssistantDesk();
    }

    private static void AddTalk(this IServiceCollection services)
    {
        services.AddSingleton<ArticleAnswers>();
        services.AddSingleton<Collecting>();
        services.AddScoped<Acting>();
        services.AddScoped<Answering>();
        services.AddScoped<TalkEngine>();
        services.AddScoped<WordReply>();
        services.AddScoped<AnswerQuestion>();
        services.AddSingleton<AssistantLimits>();
        services.AddHostedService<QuestionQueue>();
        services.AddScoped<IRecurringJob, AssumeSolved>();
        services.AddHandler<MessageAdded, HearQuestion>(message => message is { ByCustomer: true, IsNote: false, IsWithAssistant: true });
        services.AddHandler<TicketTakenOver, HearQuestion>();
    }

    private static void AddActions(this IServiceCollection services)
    {
        services.AddScoped<IAssistantAction, OpeningHours>();
        services.AddScoped<IAssistantAction, CallBack>();
        services.AddScoped<IAssistantAction, MyTickets>();
        services.AddScoped<IAssistantAction, AddToTicket>();
        services.AddScoped<IAssistantAction, ReportProblem>();
        services.AddScoped<IAssistantAction, ChangeContact>();
        services.AddScoped<OwnConversations>();
        services.AddScoped<ClaimedContacts>();
    }
}
