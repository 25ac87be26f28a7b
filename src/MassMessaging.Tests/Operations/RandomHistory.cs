using MassMessaging.Kernel;

namespace MassMessaging.Tests.Operations;

/// <summary>
/// Any registered events in any order, sensible or not, of a few streams of a few profiles: folds must not care. New events and views join by
/// being registered.
/// </summary>
internal sealed class RandomHistory(int seed, EventRegistry registry)
{
    private static readonly string[] Texts = ["A", "B", "in-doubt", "ñandú 😀", ""];
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 9, 30, 15, 250, TimeSpan.Zero);

    private readonly Random random = new(seed);
    private readonly Dictionary<StreamKey, long> versions = [];
    private readonly Guid[] ids = [.. Enumerable.Range(1, 6).Select(number => new Guid(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)seed))];

    public Guid[] Profiles { get; } = [.. Enumerable.Range(1, 3).Select(number => new Guid(number, 1, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1))];

    /// <summary>Sessions of a few events each.</summary>
    public async Task Append(IStore store, int sessions)
    {
        for (var number = 0; number < sessions; number++)
        {
            await using var session = store.Open(new Origin($"user:{random.Next(3)}", $"request-{number}"));
            foreach (var stream in Enumerable.Range(0, random.Next(1, 4)).Select(_ => Stream()).DistinctBy(stream => stream.Key))
            {
                var events = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Event(stream.Type)).ToList();
                session.Append(stream.Key, versions.GetValueOrDefault(stream.Key), events);
                versions[stream.Key] = versions.GetValueOrDefault(stream.Key) + events.Count;
            }

            await session.Commit(default);
        }
    }

    private (StreamKey Key, string Type) Stream()
    {
        var types = registry.Events.Select(type => type.StreamType).Distinct().ToList();
        var type = random.Next(types.Count);
        var id = new Guid(type + 1, 2, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)random.Next(12), (byte)seed);
        return (new StreamKey(Profiles[random.Next(Profiles.Length)], id), types[type]);
    }

    private object Event(string streamType)
    {
        var types = registry.Events.Where(type => type.StreamType == streamType).ToList();
        return Record(types[random.Next(types.Count)].ClrType);
    }

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        var nullability = new System.Reflection.NullabilityInfoContext();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(
            parameter.ParameterType, nullability.Create(parameter).WriteState == System.Reflection.NullabilityState.Nullable))]);
    }

    private object? Value(Type type, bool mayBeNull)
    {
        if (mayBeNull && random.Next(3) == 0) return null;

        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string)) return Texts[random.Next(Texts.Length)];
        if (bare == typeof(Guid)) return ids[random.Next(ids.Length)];
        if (bare == typeof(DateTimeOffset)) return Begin.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 30)).ToOffset(TimeSpan.FromHours(random.Next(-6, 3)));
        if (bare == typeof(TimeSpan)) return TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerHour));
        if (bare == typeof(bool)) return random.Next(2) == 0;
        if (bare.IsEnum) return Enum.GetValues(bare).GetValue(random.Next(Enum.GetValues(bare).Length));
        if (bare.IsPrimitive || bare == typeof(decimal)) return Convert.ChangeType(random.Next(100), bare, provider: null);
        if (bare.IsArray || bare.IsGenericType) return Array.CreateInstance(bare.GetElementType() ?? bare.GetGenericArguments()[0], 0);
        return Record(bare);
    }
}
