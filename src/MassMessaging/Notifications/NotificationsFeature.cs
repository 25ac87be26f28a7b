using System.Net;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Notifications.Webhook;

namespace MassMessaging.Notifications;

public static class NotificationsFeature
{
    public const string DeliveryQueue = "notification-webhooks";

    private const string Told = "notifications";

    public static Feature Feature { get; } = new("notifications", Services, Kernel, Routes);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection();
        builder.Services.AddSingleton(WebhookOptions.From(builder.Configuration));
        builder.Services.AddSingleton<HostLookup>(Dns.GetHostAddressesAsync);
        builder.Services.AddSingleton<WebhookTargets>();
        builder.Services.AddSingleton<WebhookCalls>();
        builder.Services.AddSingleton<SigningSecrets>();
        builder.Services.AddSingleton<SweepNotifications>();
        if (builder.Configuration.GetValue("ROLE", Role.All) == Role.Api) return;

        builder.Services.AddHostedService<NotificationSweeper>();
    }

    /// <summary>
    /// A receiver that is down has some eight hours, at 20 attempts with back-off up to an hour, before what it missed is a dead letter.
    /// Many workers: each waits on one receiver, and holds no connection to the database meanwhile.
    /// </summary>
    private static void Kernel(KernelBuilder kernel) => kernel
        .Queue(new QueueOptions(Told, BatchSize: 100))
        .Queue(new QueueOptions(DeliveryQueue, Workers: 16, MaxAttempts: 20)
        {
            BackOff = TimeSpan.FromSeconds(10), MaxBackOff = TimeSpan.FromHours(1), KeepDead = TimeSpan.FromDays(30),
        })
        .Message<NotificationTold, NumberNotifications>("notification_told", Told)
        .Message<DeliverNotification, DeliverNotificationHandler>("deliver_notification", DeliveryQueue);

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var notifications = routes.MapGroup("/notifications").WithTags("Notifications").ScopedByMethod();
        ListNotifications.Map(notifications);
        ReadNotification.Map(notifications);
        FollowNotifications.Map(notifications);
        ChangeWebhook.Map(routes);
    }
}
