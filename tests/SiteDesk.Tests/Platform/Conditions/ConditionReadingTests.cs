using System.Text;
using SiteDesk.Platform.Conditions;

namespace SiteDesk.Tests.Platform.Conditions;

/// <summary>Stored conditions are read strictly, and what is wrong is said with its place.</summary>
public sealed class ConditionReadingTests(ITestOutputHelper output)
{
    private const string Valid = """{"field":"state","operator":"is","values":["open"]}""";

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var random = new RandomParcels(11, new DateTime(2026, 3, 29, 9, 30, 0, DateTimeKind.Utc));
        for (var i = 0; i < 2000; i++)
        {
            var json = random.NextCondition().ToJson();
            var (condition, problems) = ConditionJson.Parse(json);
            problems.ShouldBeEmpty(json);
            condition!.ToJson().ShouldBe(json);
        }
    }

    [Theory]
    [InlineData("", "", "json")]
    [InlineData("nonsense", "", "json")]
    [InlineData("[]", "", "object-expected")]
    [InlineData("{}", "", "version")]
    [InlineData("""{"version":2,"where":{"all":[]}}""", "", "version")]
    [InlineData("""{"version":"1","where":{"all":[]}}""", "", "version")]
    [InlineData("""{"version":1}""", "", "missing")]
    [InlineData("""{"version":1,"where":{"all":[]},"more":1}""", "", "unknown-property")]
    [InlineData("""{"version":1,"version":1,"where":{"all":[]}}""", "", "json")]
    [InlineData("""{"version":1,"where":[]}""", "", "group-expected")]
    [InlineData("""{"version":1,"where":{"field":"state","operator":"is","values":["open"]}}""", "", "group-expected")]
    [InlineData("""{"version":1,"where":{"all":{}}}""", "", "list-expected")]
    [InlineData("""{"version":1,"where":{"all":[],"any":[]}}""", "", "unknown-property")]
    [InlineData("""{"version":1,"where":{"all":[7]}}""", "0", "object-expected")]
    [InlineData("""{"version":1,"where":{"all":[{"field":"state"}]}}""", "0", "missing")]
    [InlineData("""{"version":1,"where":{"all":[{"field":7,"operator":"is"}]}}""", "0", "text-expected")]
    [InlineData("""{"version":1,"where":{"all":[{"field":"state","operator":"is","value":"open"}]}}""", "0", "unknown-property")]
    [InlineData("""{"version":1,"where":{"all":[{"any":[]},{"any":[{"field":"state","operator":"is","values":"open"}]}]}}""", "1.0", "list-expected")]
    [InlineData("""{"version":1,"where":{"all":[{"field":"state","operator":"is","values":["open",null]}]}}""", "0.values.1", "value")]
    [InlineData("""{"version":1,"where":{"all":[{"field":"state","operator":"is","values":[{"relative":"me","more":1}]}]}}""", "0.values.0", "unknown-property")]
    [InlineData("""{"version":1,"where":{"all":[{"field":"state","operator":"is","values":[{"amount":"3","unit":"days"}]}]}}""", "0.values.0", "number")]
    [InlineData("""{"version":1,"where":{"all":[{"field":"state","operator":"is","values":[1e99]}]}}""", "0.values.0", "value")]
    [InlineData("""{"version":1,"where":{"all":[{"field":"state","operator":"is","values":["a\u0000b"]}]}}""", "0.values.0", "characters")]
    [InlineData("""{"version":1,"where":{"all":[{"field":"state","operator":"is","values":["\ud800"]}]}}""", "0.values.0", "characters")]
    public void WhatIsNotUnderstoodIsAnErrorAtItsPlace(string json, string place, string key)
    {
        var (condition, problems) = ConditionJson.Parse(json);
        condition.ShouldBeNull();
        problems.ShouldContain(problem => problem.Place == place && problem.TextKey == "conditions.problems." + key, string.Join(", ", problems));
    }

    [Fact]
    public void DepthCountAndLengthAreBounded()
    {
        Read(Nested(Condition.MaximumDepth)).ShouldBeEmpty();
        Read(Nested(Condition.MaximumDepth + 1)).Single().TextKey.ShouldBe("conditions.problems.too-deep");
        Read(Nested(1_000)).Single().TextKey.ShouldBe("conditions.problems.json");
        Read(Many(Valid, Condition.MaximumTests)).ShouldBeEmpty();
        Read(Many(Valid, Condition.MaximumTests + 1)).Single().TextKey.ShouldBe("conditions.problems.too-many-tests");
        Read(Many("""{"any":[]}""", Condition.MaximumTests + 1)).Single().TextKey.ShouldBe("conditions.problems.too-many-tests");
        Read(WithValues("\"" + new string('x', Condition.MaximumTextLength) + "\"")).ShouldBeEmpty();
        Read(WithValues("\"" + new string('x', Condition.MaximumTextLength + 1) + "\"")).Single().TextKey.ShouldBe("conditions.problems.text-too-long");
        Read(WithValues(string.Join(',', Enumerable.Repeat("1", Condition.MaximumValues + 1)))).Single().TextKey.ShouldBe("conditions.problems.too-many-values");
        Read(new string('[', Condition.MaximumJsonLength + 1)).Single().TextKey.ShouldBe("conditions.problems.too-long");

        static string Nested(int depth) => Whole(string.Concat(Enumerable.Repeat("{\"all\":[", depth)) + Valid + string.Concat(Enumerable.Repeat("]}", depth)));
        static string Many(string member, int count) => Whole("{\"all\":[" + string.Join(',', Enumerable.Repeat(member, count)) + "]}");
        static string WithValues(string values) => Whole("{\"all\":[{\"field\":\"state\",\"operator\":\"is\",\"values\":[" + values + "]}]}");
        static IReadOnlyList<ConditionProblem> Read(string json) => ConditionJson.Parse(json).Problems;
    }

    [Fact]
    public void DamagedTextsAreRefusedOrReadButNeverCrash()
    {
        const int Seed = 77;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var conditions = new RandomParcels(Seed, new DateTime(2026, 3, 29, 9, 30, 0, DateTimeKind.Utc));
        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var json = new StringBuilder(conditions.NextCondition().ToJson());
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                var at = random.Next(json.Length);
                switch (random.Next(3))
                {
                    case 0:
                        json.Remove(at, Math.Min(random.Next(1, 6), json.Length - at));
                        break;
                    case 1:
                        json.Insert(at, "{}[]\",:0-9e\\u\ud800\0".Substring(random.Next(15), 1));
                        break;
                    default:
                        json[at] = (char)random.Next(1, 0xFFFF);
                        break;
                }
                if (json.Length == 0)
                    json.Append(' ');
            }
            var (condition, problems) = ConditionJson.Parse(json.ToString());
            if (condition is null)
            {
                problems.ShouldNotBeEmpty(json.ToString());
                refused++;
            }
            else
            {
                if (ParcelFields.All.Check(condition).Count == 0)
                    ParcelFields.All.ToTest(condition, ConditionReader.At(TimeProvider.System, TimeZoneInfo.Utc));
                read++;
            }
        }
        output.WriteLine($"{read} read, {refused} refused");
        read.ShouldBeGreaterThan(100);
        refused.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData("""{"field":"gone","operator":"is","values":["x"]}""", "0", "unknown-field")]
    [InlineData("""{"field":"","operator":"is"}""", "0", "no-field")]
    [InlineData("""{"field":"state","operator":"resembles","values":["x"]}""", "0", "unknown-operator")]
    [InlineData("""{"field":"state","operator":"before","values":["2026-01-01"]}""", "0", "unknown-operator")]
    [InlineData("""{"field":"weight","operator":"is-empty"}""", "0", "unknown-operator")]
    [InlineData("""{"field":"price","operator":"is-empty","values":[1]}""", "0", "value-not-taken")]
    [InlineData("""{"field":"state","operator":"is"}""", "0", "value-missing")]
    [InlineData("""{"field":"state","operator":"is","values":["open","new"]}""", "0", "one-value")]
    [InlineData("""{"field":"state","operator":"is","values":["gone"]}""", "0.values.0", "unknown-choice")]
    [InlineData("""{"field":"state","operator":"is","values":["1"]}""", "0.values.0", "unknown-choice")]
    [InlineData("""{"field":"state","operator":"one-of","values":["open",7]}""", "0.values.1", "choice")]
    [InlineData("""{"field":"subject","operator":"is","values":["  "]}""", "0.values.0", "value-missing")]
    [InlineData("""{"field":"subject","operator":"is","values":[7]}""", "0.values.0", "text-expected")]
    [InlineData("""{"field":"subject","operator":"contains-any-word","values":["1 2 3 4 5 6 7 8 9 10 11"]}""", "0.values.0", "too-many-words")]
    [InlineData("""{"field":"weight","operator":"is","values":["many"]}""", "0.values.0", "number")]
    [InlineData("""{"field":"weight","operator":"is","values":[2.5]}""", "0.values.0", "whole-number")]
    [InlineData("""{"field":"weight","operator":"is","values":[3000000000]}""", "0.values.0", "number-range")]
    [InlineData("""{"field":"price","operator":"is","values":[9223372036854775808]}""", "0.values.0", "number-range")]
    [InlineData("""{"field":"price","operator":"between","values":[1]}""", "0", "two-values")]
    [InlineData("""{"field":"price","operator":"between","values":[2,1]}""", "0", "backwards")]
    [InlineData("""{"field":"created","operator":"between","values":["2026-05-04","2026-05-03T10:00"]}""", "0", "backwards")]
    [InlineData("""{"field":"created","operator":"before","values":["2026-02-30"]}""", "0.values.0", "date")]
    [InlineData("""{"field":"created","operator":"before","values":["0001-01-01"]}""", "0.values.0", "date")]
    [InlineData("""{"field":"created","operator":"on","values":["2026-05-04T10:00"]}""", "0.values.0", "date")]
    [InlineData("""{"field":"created","operator":"on","values":[{"relative":"now"}]}""", "0.values.0", "date")]
    [InlineData("""{"field":"created","operator":"within-last","values":[3]}""", "0.values.0", "whole-number")]
    [InlineData("""{"field":"created","operator":"within-last","values":[{"amount":3,"unit":"moons"}]}""", "0.values.0", "unknown-unit")]
    [InlineData("""{"field":"created","operator":"within-last","values":[{"amount":1.5,"unit":"days"}]}""", "0.values.0", "whole-number")]
    [InlineData("""{"field":"created","operator":"within-last","values":[{"amount":-1,"unit":"days"}]}""", "0.values.0", "span-range")]
    [InlineData("""{"field":"created","operator":"within-last","values":[{"amount":79228162514264337593543950335,"unit":"days"}]}""", "0.values.0", "span-range")]
    [InlineData("""{"field":"assignee","operator":"is","values":[{"relative":"today"}]}""", "0.values.0", "unknown-relative")]
    [InlineData("""{"field":"assignee","operator":"is","values":[{"relative":"you"}]}""", "0.values.0", "unknown-relative")]
    [InlineData("""{"field":"team","operator":"is","values":[{"relative":"my-teams"}]}""", "0.values.0", "unknown-relative")]
    [InlineData("""{"field":"assignee","operator":"is","values":["Anna"]}""", "0.values.0", "choice")]
    [InlineData("""{"all":[]}""", "0", "empty-group")]
    public void WhatDoesNotSuitTheFieldIsAnErrorAtItsPlace(string member, string place, string key)
    {
        var (condition, _) = ConditionJson.Parse(Whole("{\"all\":[" + member + "]}"));
        var problem = ParcelFields.All.Check(condition.ShouldNotBeNull()).ShouldHaveSingleItem();
        problem.Place.ShouldBe(place);
        problem.TextKey.ShouldBe("conditions.problems." + key);
        condition.ToJson().ShouldContain(member, Case.Sensitive, "a condition with problems is kept as it is");
        Should.Throw<InvalidConditionException>(() => ParcelFields.All.ToTest(condition, ConditionReader.At(TimeProvider.System, TimeZoneInfo.Utc)));
    }

    [Fact]
    public void AConditionWithoutMembersHoldsForEverything()
    {
        var reader = ConditionReader.At(TimeProvider.System, TimeZoneInfo.Utc);
        foreach (var join in Enum.GetValues<ConditionJoin>())
            ParcelFields.All.ToTest(new Condition(new ConditionGroup(join, [])), reader)(new Parcel()).ShouldBeTrue();
    }

    private static string Whole(string where) => "{\"version\":1,\"where\":" + where + "}";
}
