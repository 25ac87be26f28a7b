using System.Text.Json;

namespace MassMessaging.Tests.Crash;

/// <summary>A campaign's counters as a fold of the log. Told apart from the product's own view on purpose: this reads the log as anybody could.</summary>
internal static class CounterFold
{
    public static void Add(Dictionary<string, long> sums, string type, JsonElement data)
    {
        void Count(string counter, long by) => sums[counter] = sums.GetValueOrDefault(counter) + by;
        void Leave() => Count(
            data.GetProperty("was").GetString() switch
            {
                "inDoubt" => "inDoubtCount",
                "failed" => "failedCount",
                "sent" or "delivered" or "read" => "sentCount",
                _ => "pendingCount",
            },
            -1);
        bool Was(string status) => data.GetProperty("was").GetString() == status;

        switch (type)
        {
            case "message_queued": Count("pendingCount", 1); break;
            case "message_in_doubt": Count("inDoubtCount", 1); Count("pendingCount", -1); break;
            case "message_skipped": Count("skippedCount", 1); Count("pendingCount", -1); break;
            case "message_sent": Leave(); Count("sentCount", 1); break;
            case "message_failed": Leave(); Count("failedCount", 1); break;
            case "message_requeued": Leave(); Count("pendingCount", 1); break;
            case "message_delivered": Leave(); Count("sentCount", 1); Count("deliveredCount", 1); break;
            case "message_read": Leave(); Count("sentCount", 1); Count("readCount", 1); Count("deliveredCount", Was("delivered") ? 0 : 1); break;
        }
    }
}
