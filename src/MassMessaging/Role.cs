namespace MassMessaging;

/// <summary>What this node does: both, only answer requests, or only send and follow the log.</summary>
public enum Role
{
    All,
    Api,
    Worker,
}
