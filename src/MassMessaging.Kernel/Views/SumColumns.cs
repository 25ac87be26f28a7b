using System.Globalization;
using System.Linq.Expressions;

namespace MassMessaging.Kernel;

/// <summary>
/// A sum view's record by its two kinds of columns: longs are added up, the others tell rows apart. Compiled, so that an event costs a look-up
/// and no text, box or reflection.
/// </summary>
internal sealed class SumColumns : IEqualityComparer<object>
{
    private readonly Func<object, object, bool> isSame;
    private readonly Func<object, int> hash;

    private SumColumns(IReadOnlyList<RowColumn> columns, Func<object, object, bool> isSame, Func<object, int> hash, Action<object, long[]> add)
    {
        (this.isSame, this.hash, Add) = (isSame, hash, add);
        Keys = [.. columns.Where(column => !IsSum(column))];
        Sums = [.. columns.Where(IsSum)];
        Fields = [.. columns.Select(column => Field(column, Sums))];
    }

    public IReadOnlyList<RowColumn> Keys { get; }

    public IReadOnlyList<RowColumn> Sums { get; }

    /// <summary>Adds what the row says to the totals, in the order of <see cref="Sums"/>.</summary>
    public Action<object, long[]> Add { get; }

    /// <summary>Every column in its order, of a key and its totals, into a COPY.</summary>
    public IReadOnlyList<Action<object, long[], CopyBuffer>> Fields { get; }

    public static SumColumns Of<TRow>(RowColumns columns)
    {
        var (row, other, totals) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(object)), Expression.Parameter(typeof(long[])));
        var properties = columns.Columns.Select(column => (column, Property: typeof(TRow).GetProperties().Single(one => Arguments.Snake(one.Name) == column.Name))).ToList();
        var keys = properties.Where(one => !IsSum(one.column)).Select(one => one.Property).ToList();
        var sums = properties.Where(one => IsSum(one.column)).Select(one => one.Property).ToList();

        var same = keys.Select(key => (Expression)Expression.Equal(Expression.Property(As(row), key), Expression.Property(As(other), key)))
            .Aggregate(Expression.AndAlso);
        var hashed = keys.Select(key => (Expression)Expression.Call(typeof(SumColumns), nameof(HashOf), [key.PropertyType], Expression.Property(As(row), key)))
            .Aggregate((left, right) => Expression.Call(typeof(HashCode), nameof(HashCode.Combine), [typeof(int), typeof(int)], left, right));
        var added = sums.Select((sum, place) => (Expression)Expression.AddAssign(
            Expression.ArrayAccess(totals, Expression.Constant(place)), Expression.Property(As(row), sum)));
        return new SumColumns(
            columns.Columns,
            Expression.Lambda<Func<object, object, bool>>(same, row, other).Compile(),
            Expression.Lambda<Func<object, int>>(hashed, row).Compile(),
            Expression.Lambda<Action<object, long[]>>(Expression.Block([.. added, Expression.Empty()]), row, totals).Compile());

        static Expression As(Expression row) => Expression.Convert(row, typeof(TRow));
    }

    /// <summary>By which rows are put in order, so that two sessions never wait for one another in a circle.</summary>
    public string Text(object row) => string.Join('\u001f', Keys.Select(column => Text(column, row)));

    bool IEqualityComparer<object>.Equals(object? x, object? y) => isSame(x!, y!);

    int IEqualityComparer<object>.GetHashCode(object obj) => hash(obj);

    private static bool IsSum(RowColumn column) => column.Type == typeof(long);

    private static int HashOf<T>(T value) => value is null ? 0 : value.GetHashCode();

    private static string Text(RowColumn column, object row) => column.Value(row) is DateTimeOffset at
        ? at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)
        : Convert.ToString(column.Value(row), CultureInfo.InvariantCulture) ?? string.Empty;

    private static Action<object, long[], CopyBuffer> Field(RowColumn column, IReadOnlyList<RowColumn> sums)
    {
        var place = sums.ToList().IndexOf(column);
        return place < 0 ? (row, _, buffer) => column.Copy(row, buffer) : (_, totals, buffer) => buffer.Field(totals[place]);
    }
}
