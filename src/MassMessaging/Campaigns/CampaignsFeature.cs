using MassMessaging.Campaigns.Doubts;
using MassMessaging.Campaigns.Launching;
using MassMessaging.Campaigns.Receipts;
using MassMessaging.Campaigns.Replies;
using MassMessaging.Campaigns.Restores;
using MassMessaging.Campaigns.Retrying;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Campaigns.Views;
using MassMessaging.Clients;
using MassMessaging.Clients.Consent;
using MassMessaging.Clients.Timeline;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Profiles;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns;

public static class CampaignsFeature
{
    public const string LaunchQueue = "launch";
    public const string SettleQueue = "settle";
    public const string RepliesQueue = "replies";
    public const string ConfirmationsQueue = "confirmations";

    public static Feature Feature { get; } = new("campaigns", Services, Kernel, Routes);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(SendingOptions.From(builder.Configuration));
        builder.Services.AddSingleton(StartGrace.From(builder.Configuration));
        builder.Services.AddSingleton(Random.Shared);
        builder.Services.AddSingleton<FrozenTexts>();
        builder.Services.AddSingleton<LaneLessons>();
        builder.Services.AddSingleton(LaneHolds.WithoutGateway);
        builder.Services.AddSingleton<LaneHolds>();
        builder.Services.AddSingleton<OutcomeWriter>();
        builder.Services.AddSingleton<GatewayCalls>();
        builder.Services.AddSingleton<TickLanes>();
        builder.Services.AddSingleton<LaneGate>();
        builder.Services.AddSingleton<DoubtSweep>();
        builder.Services.AddSingleton(DoubtOptions.From(builder.Configuration));
        builder.Services.AddSingleton<ReconcileDoubts>();
        builder.Services.AddSingleton<HoldRestored>();
        builder.Services.AddSingleton<CheckRestored>();
        builder.Services.AddSingleton(ReceiptPull.From(builder.Configuration));
        builder.Services.AddSingleton<PullReceipts>();
        builder.Services.AddSingleton<WatchInstances>();
        builder.Services.AddSingleton<IReceiptSubscriber, ReceiveReceipts>();
        builder.Services.AddSingleton<IIncomingSubscriber, QueueReplies>();
        builder.Services.AddSingleton<IErasureSubscriber, EraseRecipients>();
        builder.Services.AddSingleton<IOptOutSubscriber, SkipOptedOut>();
        builder.Services.AddSingleton<ITimelineSource, ClientTimeline>();
        builder.Services.AddSingleton<IPacingSubscriber, ChangeLimits>(); // before ChangeRate, whose hold stays
        builder.Services.AddSingleton<IPacingSubscriber, ChangeRate>();
        builder.Services.AddSingleton<IPacingSubscriber, ReplyLane>();
        builder.Services.AddSingleton<IPacingSubscriber, ResetScans>();
        builder.Services.AddSingleton<IProfileSubscriber, ChangeZone>();
        builder.Services.AddSingleton<IGatewaySubscriber, ChangeGateway>();
        builder.Services.AddSingleton<IIncomingSubscriber, MetaPairs>();
        builder.Services.AddSingleton<IAccountSubscriber, HearAccounts>();
        if (builder.Configuration.GetValue("ROLE", Role.All) == Role.Api) return;

        builder.Services.AddHostedService<RestoreGuard>(); // before whatever sends
        builder.Services.AddHostedService<LaneTicker>();
        builder.Services.AddHostedService<DoubtSweeper>();
        builder.Services.AddHostedService<DoubtReconciler>();
        builder.Services.AddHostedService<ReceiptPuller>();
        builder.Services.AddHostedService<InstanceWatcher>();
    }

    private static void Kernel(KernelBuilder kernel) => kernel
        .Stream("campaign", campaign => campaign
            .Event<CampaignDrafted>("campaign_drafted")
            .Event<CampaignEdited>("campaign_edited")
            .Event<CampaignScheduled>("campaign_scheduled")
            .Event<CampaignUnscheduled>("campaign_unscheduled")
            .Event<CampaignLaunched>("campaign_launched")
            .Event<AudiencePlanned>("audience_planned")
            .Event<CampaignPaused>("campaign_paused")
            .Event<CampaignResumed>("campaign_resumed")
            .Event<CampaignRetried>("campaign_retried")
            .Event<RetryPlanned>("retry_planned")
            .Event<CampaignCancelled>("campaign_cancelled")
            .Event<CampaignCompleted>("campaign_completed")
            .Event<CampaignDeleted>("campaign_deleted"))
        .Stream("audience_member", member => member
            .Event<MessageQueued>("message_queued")
            .Event<MessageAttempted>("message_attempted")
            .Event<MessageReleased>("message_released")
            .Event<MessageInDoubt>("message_in_doubt")
            .Event<MessageSent>("message_sent")
            .Event<MessageDelivered>("message_delivered")
            .Event<MessageRead>("message_read")
            .Event<MessageReplied>("message_replied")
            .Event<MessageRequeued>("message_requeued")
            .Event<DoubtResolved>("doubt_resolved", DoubtResolved.FromVersion1)
            .Event<MessageFailed>("message_failed")
            .Event<MessageSkipped>("message_skipped"))
        .Queue(new QueueOptions(LaunchQueue, Workers: 2) { InOneCommit = true })
        .Queue(new QueueOptions(SettleQueue, Workers: 2, BatchSize: 20))
        .Queue(new QueueOptions(RepliesQueue, Workers: 1, BatchSize: 50) { KeepDead = TimeSpan.FromDays(7) }) // phones and texts
        .Queue(new QueueOptions(ConfirmationsQueue, Workers: 4)) // each waits for the gateway
        .Message<ReplyArrived, HandleReplies>("reply_arrived", RepliesQueue)
        .Message<MarketingPreferred, HandlePreferences>("marketing_preferred", RepliesQueue)
        .Message<ConfirmOptOut, ConfirmOptOutHandler>("confirm_opt_out", ConfirmationsQueue)
        .Message<PlanAudience, PlanAudienceHandler>("plan_audience", LaunchQueue)
        .Message<PlanHalf, PlanAudienceHandler>("plan_half", LaunchQueue)
        .Message<RequeueFailed, RequeueFailedHandler>("requeue_failed", LaunchQueue)
        .Message<StartCampaign, StartCampaignHandler>("start_campaign", LaunchQueue)
        .Message<SettleCampaign, SettleCampaigns>("settle_campaign", SettleQueue)
        .Message<StopLane, StopLaneHandler>("stop_lane", SettleQueue)
        .Message<JudgeCanary, JudgeCanaryHandler>("judge_canary", SettleQueue)
        .Message<StopMessage, StopMessageHandler>("stop_message", SettleQueue)
        .RowView<CampaignRow>(ViewMode.Inline)
        .RowView<AudienceRow>(ViewMode.Inline)
        .SumView<CampaignCounters>()
        .SumView<CampaignVariantCounters>()
        .RowView<ClientContact>(ViewMode.Async)
        .Gauge(StandingFigures.Query);

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var campaigns = routes.MapGroup("/campaigns").WithTags("Campaigns").ScopedByMethod();
        ListCampaigns.Map(campaigns);
        CreateCampaign.Map(campaigns);
        ReadCampaign.Map(campaigns);
        EditCampaign.Map(campaigns);
        DeleteCampaign.Map(campaigns);
        ScheduleCampaign.Map(campaigns);
        CloneCampaign.Map(campaigns);
        SaveAsTemplate.Map(campaigns);
        PreviewCampaign.Map(campaigns);
        ListAudience.Map(campaigns);
        ExportAudience.Map(campaigns);
        ListExcluded.Map(campaigns);
        ListReplies.Map(campaigns);
        FollowCampaign.Map(campaigns);
        SendCampaign.Map(campaigns);
        TestSend.Map(campaigns);
        RetryFailed.Map(campaigns);
        StopCampaign.Map(campaigns);
        ResolveInDoubtEndpoint.Map(campaigns);
        ReadLane.Map(routes);
    }
}
