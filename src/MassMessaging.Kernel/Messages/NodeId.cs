namespace MassMessaging.Kernel;

/// <summary>This process among those that share the database; a new one at every start.</summary>
public sealed record NodeId(Guid Value)
{
    public static NodeId New() => new(Guid.CreateVersion7());

    public override string ToString() => Value.ToString("D");
}
