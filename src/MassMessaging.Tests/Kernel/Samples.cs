namespace MassMessaging.Tests.Kernel;

/// <summary>An instance of any event, with every field filled and always the same.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 9, 30, 15, 250, TimeSpan.Zero);

    public static object Of(Type type) => Value(type, type.Name);

    private static object Value(Type type, string name)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string)) return name;
        if (bare == typeof(Guid)) return Guid.Parse("01950000-0000-7000-8000-000000000001");
        if (bare == typeof(DateTimeOffset)) return Time;
        if (bare == typeof(DateOnly)) return DateOnly.FromDateTime(Time.DateTime);
        if (bare == typeof(TimeOnly)) return TimeOnly.FromDateTime(Time.DateTime);
        if (bare == typeof(TimeSpan)) return TimeSpan.FromSeconds(90);
        if (bare == typeof(bool)) return true;
        if (bare.IsEnum) return Enum.GetValues(bare).Cast<object>().Last();
        if (bare.IsPrimitive || bare == typeof(decimal)) return Convert.ChangeType(7, bare, provider: null);
        return Item(bare) is { } item ? List(item, name) : Record(bare);
    }

    private static Type? Item(Type type) => type.IsArray
        ? type.GetElementType()
        : type.IsGenericType && type.GetGenericArguments() is [var item] && type.IsAssignableFrom(item.MakeArrayType()) ? item : null;

    private static Array List(Type item, string name)
    {
        var list = Array.CreateInstance(item, 1);
        list.SetValue(Value(item, name), 0);
        return list;
    }

    private static object Record(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} is no positional record: give Samples a way to make one.");
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, parameter.Name!))]);
    }
}
