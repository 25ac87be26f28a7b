using MassMessaging.Kernel;

namespace MassMessaging.Notifications;

public static class NotificationsFeature
{
    private const string Told = "notifications";

    public static Feature Feature { get; } = new("notifications", Kernel: Kernel);

    private static void Kernel(KernelBuilder kernel) => kernel
        .Queue(new QueueOptions(Told, BatchSize: 100))
        .Message<NotificationTold, NumberNotifications>("notification_told", Told);
}
