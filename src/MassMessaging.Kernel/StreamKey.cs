namespace MassMessaging.Kernel;

/// <summary>Names one stream: <c>Profile</c> is the tenant (<c>tenant_id</c> in the log), <c>Id</c> the stream id.</summary>
public readonly record struct StreamKey(Guid Profile, Guid Id) : IComparable<StreamKey>
{
    /// <summary>The order in which PostgreSQL compares (tenant_id text in the C collation, id uuid): every batch locks in it.</summary>
    public int CompareTo(StreamKey other)
    {
        var byProfile = Profile.CompareTo(other.Profile); // field by field, unsigned: as their digits compare
        return byProfile != 0 ? byProfile : Id.CompareTo(other.Id);
    }

    public static bool operator <(StreamKey left, StreamKey right) => left.CompareTo(right) < 0;

    public static bool operator >(StreamKey left, StreamKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(StreamKey left, StreamKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StreamKey left, StreamKey right) => left.CompareTo(right) >= 0;
}
