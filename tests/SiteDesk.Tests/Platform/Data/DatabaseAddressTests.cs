using Npgsql;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tests.Platform.Data;

public sealed class DatabaseAddressTests
{
    [Fact]
    public void Statements_for_PostgreSQL_are_prepared_and_a_connection_is_not_reset_between_two_units_of_work()
    {
        var options = Parse("Host=127.0.0.1;Database=desk");
        options.MaxAutoPrepare.ShouldBe(200);
        options.NoResetOnClose.ShouldBeTrue();
        options.Timeout.ShouldBe(10);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Max Auto Prepare=0;No Reset On Close=false;Timeout=33")]
    [InlineData("host=127.0.0.1;max auto prepare=0;no reset on close=false;timeout=33")]
    public void What_the_owner_says_stands(string value)
    {
        var options = Parse(value);
        options.MaxAutoPrepare.ShouldBe(0);
        options.NoResetOnClose.ShouldBeFalse();
        options.Timeout.ShouldBe(33);
    }

    private static NpgsqlConnectionStringBuilder Parse(string value) => new(DatabaseAddress.Parse(value, "data").ConnectionString);
}
