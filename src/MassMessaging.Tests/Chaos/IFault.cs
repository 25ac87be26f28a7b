using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos;

/// <summary>Something that goes wrong for a while. Its parameters are its record's, so that a plan prints as what it is.</summary>
internal interface IFault
{
    /// <summary>What it breaks: two faults of one place do not happen at once.</summary>
    string Place { get; }

    Task Begin(Cluster cluster);

    /// <summary>What it broke is whole again. Nodes are started, but may need the rest of the world to be ready.</summary>
    Task End(Cluster cluster);
}
